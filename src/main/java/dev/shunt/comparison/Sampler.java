package dev.shunt.comparison;

import dev.shunt.comparison.PairTally.End;
import dev.shunt.core.BurialListener;
import dev.shunt.core.CommitListener;
import dev.shunt.core.DeadLetters.DeadLetter;
import dev.shunt.core.Delivery;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Route;
import dev.shunt.core.Sample;
import dev.shunt.core.Shadowing;
import dev.shunt.core.Shadowing.Mode;
import dev.shunt.core.Stamp;
import dev.shunt.core.Workload;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
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
    private volatile Set<Workload> outside = Set.of();

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

    /** The legacy side of these workloads is a worker outside: what it does cannot be done a second time. */
    void outside(Set<Workload> workloads) {
        outside = Set.copyOf(workloads);
    }

    @Override
    public void stored(Delivery delivery, boolean pending) {
        mode(delivery.workload(), delivery.key(), delivery.route()).ifPresent(mode -> {
            boolean behind = pressure.sheds(delivery.workload())
                    || Duration.between(delivery.stamp().acceptedAt(), clock.instant())
                                    .compareTo(shedAbove)
                            > 0;
            take(delivery, mode, behind);
        });
    }

    /** In which mode an item of that route is to be processed a second time; empty if it is not. */
    Optional<Mode> mode(Workload workload, ItemKey key, Route primary) {
        Shadowing order = switches.inForce(workload);
        boolean wanted = order.active() && open.contains(workload) && Sample.takes(workload, key, order.share());
        boolean possible = order.mode().shadowOf(primary) == Route.TEMPORAL || !outside.contains(workload);
        return wanted && possible ? Optional.of(order.mode()) : Optional.empty();
    }

    /** @param shed whether it is only to be counted */
    void take(Delivery delivery, Mode mode, boolean shed) {
        // without what it was decoded to: the queue bounds the bytes of messages
        var item = new SampledItem(delivery.with(null), mode, clock.instant(), null);
        tally.sampled(item);
        if (shed || delivery.message().length > LARGEST || !queue.offer(item)) {
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
        Optional<Mode> mode = mode(letter.workload(), delivery.key(), letter.route());
        if (mode.isEmpty() || letter.reason().startsWith(DEADLY)) {
            return;
        }
        var item = new SampledItem(delivery, mode.get(), clock.instant(), letter.reason());
        tally.sampled(item);
        boolean shed = pressure.sheds(letter.workload()) || letter.raw().length > LARGEST;
        if (shed || !queue.offerSpare(item)) {
            tally.ended(item, End.SHED);
        }
    }
}
