package dev.shunt.workloads.trace;

import dev.shunt.core.Delivery;
import dev.shunt.core.ItemHandler.Outcome;
import dev.shunt.core.ItemKey;
import dev.shunt.store.GroupWriter;
import dev.shunt.store.Work;
import java.time.Duration;

/** The Temporal route's effects: single traces share the group commits of the Temporal lane. */
final class LaneTraceEffects implements TraceEffects {

    // Longer than the lane's patience and shorter than the local activity's 5 s: who waits always learns the outcome.
    private static final Duration COMMIT_WAIT = Duration.ofMillis(4_500);

    private final GroupWriter<TraceMessage> lane;
    private final PendingSpans pending;

    LaneTraceEffects(GroupWriter<TraceMessage> lane, PendingSpans pending) {
        this.lane = lane;
        this.pending = pending;
    }

    @Override
    public Outcome persist(Delivery delivery) {
        return switch (TraceDecoding.decode(delivery)) {
            case TraceDecoding.Decoded decoded -> lane.submit(new Work<>(delivery, decoded.content()), COMMIT_WAIT);
            case TraceDecoding.Undecodable undecodable -> new Outcome.Rejected(undecodable.reason());
        };
    }

    @Override
    public void priceSpans(ItemKey key) {
        pending.price(key);
    }

    @Override
    public void summariseSpans(ItemKey key, int temporalActions) {
        pending.summarise(key, temporalActions);
    }
}
