package dev.shunt.operations;

import dev.shunt.core.CommitListener;
import dev.shunt.core.Delivery;
import dev.shunt.core.ItemHandler.Outcome;
import dev.shunt.core.Trail;
import java.time.Duration;

/** Tells the trail of every commit, once for each item of its group. */
final class CommitTrail implements CommitListener {

    private final Trail trail;

    CommitTrail(Trail trail) {
        this.trail = trail;
    }

    @Override
    public void stored(Delivery delivery, boolean pending) {
        // written() says it
    }

    @Override
    public void written(Delivery delivery, Outcome outcome, int group, Duration took) {
        try (Trail.Step commit = trail.begin("shunt store", delivery.stamp().lineage(), took)) {
            commit.of(delivery.workload(), delivery.key(), delivery.stamp().decision())
                    .with("shunt.outcome", outcome.getClass().getSimpleName())
                    .with("shunt.group", Integer.toString(group));
        }
    }
}
