package dev.shunt.legacy;

import dev.shunt.core.Delivery;
import dev.shunt.core.ItemHandler;
import dev.shunt.core.ItemMark;
import dev.shunt.core.Trail;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Tells the trail what the legacy consumer does with each item, from its fetch on, and marks the lines of single ones. */
final class TrackedHandler implements ItemHandler {

    private final ItemHandler handler;
    private final Trail trail;
    private final Clock clock;

    TrackedHandler(ItemHandler handler, Trail trail, Clock clock) {
        this.handler = handler;
        this.trail = trail;
        this.clock = clock;
    }

    @Override
    public List<Outcome> handle(List<Delivery> group) {
        if (group.size() != 1) {
            return tracked(group);
        }
        Delivery alone = group.getFirst();
        try (ItemMark mark = ItemMark.of(alone.workload(), alone.stamp())) {
            return tracked(group);
        }
    }

    private List<Outcome> tracked(List<Delivery> group) {
        if (trail == Trail.NONE) {
            return handler.handle(group);
        }
        List<Trail.Step> steps = new ArrayList<>(group.size());
        List<Delivery> deliveries = new ArrayList<>(group.size());
        Instant now = clock.instant();
        for (Delivery delivery : group) {
            Trail.Step step = begin(delivery, now);
            steps.add(step);
            deliveries.add(delivery.under(step.lineage()));
        }
        try {
            List<Outcome> outcomes = handler.handle(deliveries);
            for (int i = 0; i < Math.min(steps.size(), outcomes.size()); i++) {
                steps.get(i).with("shunt.outcome", outcomes.get(i).getClass().getSimpleName());
            }
            return outcomes;
        } catch (RuntimeException | Error fault) {
            steps.forEach(step -> step.failed(fault));
            throw fault;
        } finally {
            steps.forEach(Trail.Step::close);
        }
    }

    private Trail.Step begin(Delivery delivery, Instant now) {
        Instant since = delivery.effort().startedAt();
        Duration ago = since == null || since.isAfter(now) ? Duration.ZERO : Duration.between(since, now);
        return trail.begin("shunt consume", delivery.stamp().lineage(), ago)
                .of(delivery.workload(), delivery.key(), delivery.stamp().decision())
                .with("shunt.attempt", Integer.toString(delivery.effort().attempts()));
    }
}
