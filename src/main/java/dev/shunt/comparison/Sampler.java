package dev.shunt.comparison;

import dev.shunt.comparison.PairTally.End;
import dev.shunt.core.CommitListener;
import dev.shunt.core.Delivery;
import dev.shunt.core.Sample;
import dev.shunt.core.Shadowing;
import dev.shunt.core.Workload;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/** Picks what is processed a second time. Runs in the lanes' threads: a hash and an offer, and the offer never waits. */
final class Sampler implements CommitListener {

    /** Bytes. A larger message could not be the argument of a workflow. */
    private static final int LARGEST = 1_000_000;

    private final ShadowSwitches switches;
    private final SampledQueue queue;
    private final PairTally tally;
    private final Duration shedAbove;
    private final Pressure pressure;
    private final Clock clock;
    private volatile Set<Workload> open = Set.of();

    Sampler(
            ShadowSwitches switches,
            SampledQueue queue,
            PairTally tally,
            Duration shedAbove,
            Pressure pressure,
            Clock clock) {
        this.switches = switches;
        this.queue = queue;
        this.tally = tally;
        this.shedAbove = shedAbove;
        this.pressure = pressure;
        this.clock = clock;
    }

    /** Of these workloads somebody takes from the queue; of none when it stops. */
    void open(Set<Workload> workloads) {
        open = Set.copyOf(workloads);
    }

    @Override
    public void stored(Delivery delivery, boolean pending) {
        Workload workload = delivery.workload();
        Shadowing order = switches.inForce(workload);
        if (!order.active() || !open.contains(workload) || !Sample.takes(workload, delivery.key(), order.share())) {
            return;
        }
        Instant now = clock.instant();
        // without what it was decoded to: the queue bounds the bytes of messages
        var item = new SampledItem(delivery.with(null), order.mode(), now);
        tally.sampled(item);
        boolean behind = pressure.sheds(workload)
                || Duration.between(delivery.stamp().acceptedAt(), now).compareTo(shedAbove) > 0;
        if (behind || delivery.message().length > LARGEST || !queue.offer(item)) {
            tally.ended(item, End.SHED);
        }
    }
}
