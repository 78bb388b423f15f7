package dev.shunt.comparison;

import dev.shunt.core.InFlight;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import java.util.Collection;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the primary needs what second runs would take. It has a backlog: a message in the list does not say when it was
 * pushed, so the length of the list tells, not the age of an item. Or the processors are busy: then second runs wait.
 */
final class Pressure {

    private static final Logger log = LoggerFactory.getLogger(Pressure.class);

    /** Of a new reading in the running mean: about half a second at ten readings a second. */
    private static final double WEIGHT = 0.2;

    private final InFlight inFlight;
    private final DoubleSupplier processors;
    private final int mostWaiting;
    private final double mostBusy;
    private double mean;
    private volatile boolean busy;
    private volatile Set<Workload> behind = Set.of();

    /**
     * @param processors busy share of the machine's processors, 0..1; anything else is not known and stops nobody
     * @param mostWaiting messages in a legacy list that are no backlog yet
     * @param mostBusy share of the processors above which second runs wait; 1 for never
     */
    Pressure(InFlight inFlight, DoubleSupplier processors, int mostWaiting, double mostBusy) {
        this.inFlight = inFlight;
        this.processors = processors;
        this.mostWaiting = mostWaiting;
        this.mostBusy = mostBusy;
    }

    /** Takes a look, for these workloads; called about ten times a second by one thread. */
    void look(Collection<Workload> workloads) {
        behind = workloads.stream().filter(this::lags).collect(Collectors.toUnmodifiableSet());
        double now = processors.getAsDouble();
        if (now >= 0 && now <= 1) {
            mean += WEIGHT * (now - mean);
        }
        busy = mostBusy < 1 && mean > mostBusy;
    }

    private boolean lags(Workload workload) {
        try {
            return inFlight.backlog(workload) > mostWaiting;
        } catch (UnavailableException away) {
            log.debug("The list of {} cannot be read: {}. Counts as a backlog.", workload, away.toString());
            return true;
        }
    }

    /** Whether what is committed now is not to be run a second time at all. */
    boolean sheds(Workload workload) {
        return behind.contains(workload);
    }

    /** Whether the processors are: then nothing is run a second time, of whatever workload. */
    boolean isBusy() {
        return busy;
    }
}
