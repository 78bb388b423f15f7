package dev.shunt.rollout;

import dev.shunt.core.InFlight;
import dev.shunt.core.Instance;
import dev.shunt.core.Recall;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what rollbacks want done about items in flight. Any instance does it, again and again until nothing is
 * left, so it does not matter which of them live through the rollback.
 */
final class InFlightOrders {

    private static final Logger log = LoggerFactory.getLogger(InFlightOrders.class);
    private static final String CHORE = "rollback-recall";
    private static final Duration TURN = Duration.ofSeconds(30);

    private final Recall recall;
    private final InFlight inFlight;
    private final PendingRollbacks pending;
    private final ProofStore store;
    private final RecalledCounts counts;
    private final Function<Workload, InFlightPolicy> usual;
    private final Instance instance;
    private final Clock clock;

    InFlightOrders(
            Recall recall,
            InFlight inFlight,
            PendingRollbacks pending,
            ProofStore store,
            RecalledCounts counts,
            Function<Workload, InFlightPolicy> usual,
            Instance instance,
            Clock clock) {
        this.recall = recall;
        this.inFlight = inFlight;
        this.pending = pending;
        this.store = store;
        this.counts = counts;
        this.usual = usual;
        this.instance = instance;
        this.clock = clock;
    }

    InFlightPolicy orUsual(Workload workload, @Nullable InFlightPolicy policy) {
        return policy == null ? usual.apply(workload) : policy;
    }

    /** @param policy null: the setting decides */
    void carryOut(String rollback, Workload workload, @Nullable InFlightPolicy policy, Instant orderedAt) {
        Instant now = clock.instant();
        InFlightPolicy wanted = orUsual(workload, policy);
        boolean due = wanted.recall() && !orderedAt.plus(wanted.after()).isAfter(now);
        if (due && inFlight.takeTurn(workload, CHORE, instance.id(), TURN)) {
            recall.recall(workload, () -> counts.add(rollback, 1));
        }
    }

    /**
     * For rollbacks that Postgres has not recorded: Redis alone is needed, and a stop there refuses registrations.
     *
     * @return whether there is one
     */
    boolean carryOutUnrecorded() {
        List<RollbackOrder> orders = pending.orders();
        for (RollbackOrder order : orders) {
            try {
                if (inFlight.counts(order.workload()).registered() > 0) {
                    carryOut(order.id(), order.workload(), order.policy(), order.orderedAt());
                }
            } catch (UnavailableException away) {
                log.debug("Items of {} are recalled when Redis is back: {}", order.workload(), away.toString());
            }
        }
        return !orders.isEmpty();
    }

    void pay() {
        counts.pay(store, instance.id());
    }
}
