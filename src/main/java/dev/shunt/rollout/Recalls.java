package dev.shunt.rollout;

import dev.shunt.core.InFlight;
import dev.shunt.core.Recall;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes items back from Temporal: when somebody orders it, and with each rollback if that is wanted. */
public final class Recalls {

    private static final Logger log = LoggerFactory.getLogger(Recalls.class);

    private final Recall recall;
    private final InFlight inFlight;
    private final Function<Workload, InFlightPolicy> onRollback;
    private final RecalledCounts counts;

    /** @param onRollback what a rollback does that does not say it itself */
    Recalls(Recall recall, InFlight inFlight, Function<Workload, InFlightPolicy> onRollback, RecalledCounts counts) {
        this.recall = recall;
        this.inFlight = inFlight;
        this.onRollback = onRollback;
        this.counts = counts;
    }

    /** Of a service without a Temporal side. */
    static Recalls ofNothing(InFlight inFlight) {
        return new Recalls((workload, moved) -> 0, inFlight, workload -> InFlightPolicy.FINISH, new RecalledCounts());
    }

    /**
     * @param moved items that this order handed to the legacy route
     * @param remaining items registered afterwards: accepted meanwhile, while the percentage is above 0
     */
    public record Recalled(int moved, long remaining) {}

    /**
     * Hands everything that is registered now to the legacy route.
     *
     * @throws UnavailableException if Redis is away; what was moved before stays moved
     */
    public Recalled order(Workload workload, Actor actor, String reason) {
        log.warn("Recall of {} ordered by {}: {}.", workload, actor.label(), reason);
        int moved = recall.recall(workload);
        return new Recalled(moved, inFlight.counts(workload).registered());
    }

    /** Never fails: a rollback is taken whatever becomes of this. Answers what a person should know. */
    List<String> afterRollback(RollbackOrder order) {
        Workload workload = order.workload();
        InFlightPolicy policy = order.policyOr(onRollback);
        if (!policy.recall()) {
            return List.of();
        }
        if (!policy.after().isZero()) {
            return List.of("what is in flight after " + policy.after().toSeconds()
                    + " s is recalled to legacy by whichever instance is there");
        }
        try {
            int moved = recall.recall(workload, () -> counts.add(order.id(), 1));
            return List.of(
                    moved == 0
                            ? "nothing was left to recall to legacy; the rollback's proof counts what was recalled meanwhile"
                            : "recalled " + moved + " items to legacy");
        } catch (UnavailableException away) {
            log.warn(
                    "Items of {} could not all be recalled; tried again until nothing is in flight: {}.",
                    workload,
                    away.getMessage());
            return List.of("not everything could be recalled (" + away.getMessage()
                    + "); that is tried again until nothing is in flight");
        }
    }
}
