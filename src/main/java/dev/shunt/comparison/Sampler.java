package dev.shunt.comparison;

import dev.shunt.comparison.PairTally.End;
import dev.shunt.core.BurialListener;
import dev.shunt.core.CommitListener;
import dev.shunt.core.DeadLetters.DeadLetter;
import dev.shunt.core.Delivery;
import dev.shunt.core.Route;
import dev.shunt.core.Sample;
import dev.shunt.core.Shadowing;
import dev.shunt.core.Stamp;
import dev.shunt.core.Workload;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * Picks what is processed a second time. Runs in the threads of lanes and of those who bury: a hash and an offer, and the
 * offer never waits.
 */
final class Sampler implements CommitListener, BurialListener {

    /** Bytes. A larger message could not be the argument of a workflow. */
    private static final int LARGEST = 1_000_000;

    /** Whoever runs such an item dies: nobody tries that twice on purpose. */
    private static final String DEADLY = "KILLS_CONSUMER";

    /** Of a workflow that buried its item: nothing asks for it. */
    private static final Delivery.Execution UNKNOWN = new Delivery.Execution("", "");

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
        Shadowing order = switches.inForce(delivery.workload());
        if (!takes(order, delivery)) {
            return;
        }
        Instant now = clock.instant();
        // without what it was decoded to: the queue bounds the bytes of messages
        var item = new SampledItem(delivery.with(null), order.mode(), now, null);
        tally.sampled(item);
        boolean behind = pressure.sheds(delivery.workload())
                || Duration.between(delivery.stamp().acceptedAt(), now).compareTo(shedAbove) > 0;
        if (behind || delivery.message().length > LARGEST || !queue.offer(item)) {
            tally.ended(item, End.SHED);
        }
    }

    /**
     * The other route may store what this one has buried. Burials are rare; where they are not, they leave half of the queue
     * to what is committed.
     */
    @Override
    public void buried(DeadLetter letter, Stamp stamp) {
        Delivery delivery = letter.route() == Route.LEGACY
                ? Delivery.onLegacy(letter.workload(), stamp, letter.raw())
                : Delivery.onTemporal(letter.workload(), stamp, letter.raw(), UNKNOWN);
        Shadowing order = switches.inForce(letter.workload());
        if (!takes(order, delivery) || letter.reason().startsWith(DEADLY)) {
            return;
        }
        var item = new SampledItem(delivery, order.mode(), clock.instant(), letter.reason());
        tally.sampled(item);
        if (pressure.sheds(letter.workload()) || letter.raw().length > LARGEST || !queue.offerSpare(item)) {
            tally.ended(item, End.SHED);
        }
    }

    private boolean takes(Shadowing order, Delivery delivery) {
        return order.active()
                && open.contains(delivery.workload())
                && Sample.takes(delivery.workload(), delivery.key(), order.share());
    }
}
