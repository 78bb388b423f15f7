package dev.shunt.rollout;

import dev.shunt.core.Epoch;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.rollout.RollbackProof.FlightState;
import dev.shunt.rollout.RollbackProof.Obedience;
import dev.shunt.routing.FlagSnapshot;
import dev.shunt.routing.Router;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Tells how far rollbacks have come. */
public final class RollbackProofs {

    private final ProofStore store;
    private final PendingRollbacks pending;
    private final Fences fences;
    private final Flights flights;
    private final InFlightOrders orders;
    private final Router router;
    private final WorkloadCatalog catalog;

    RollbackProofs(
            ProofStore store,
            PendingRollbacks pending,
            Fences fences,
            Flights flights,
            InFlightOrders orders,
            Router router,
            WorkloadCatalog catalog) {
        this.store = store;
        this.pending = pending;
        this.fences = fences;
        this.flights = flights;
        this.orders = orders;
        this.router = router;
        this.catalog = catalog;
    }

    /**
     * The newest rollback, one that is not recorded yet before all others.
     *
     * @throws UnavailableException if Postgres is away and no rollback is known here
     */
    public Optional<RollbackProof> last(Workload workload) {
        Optional<RollbackProof> unrecorded = unrecorded(workload).stream().findFirst();
        return unrecorded.isPresent()
                ? unrecorded
                : latest(workload, 1).stream().findFirst();
    }

    /**
     * The newest ones that are recorded, newest first.
     *
     * @throws UnavailableException if Postgres is away
     */
    public List<RollbackProof> latest(Workload workload, int limit) {
        return store.latest(workload, catalog.of(workload).feature(), limit).stream()
                .map(row -> recorded(workload, row))
                .toList();
    }

    /** @throws UnavailableException if Postgres is away and it is not known here */
    public Optional<RollbackProof> find(Workload workload, String id) {
        Optional<RollbackProof> unrecorded = unrecorded(workload).stream()
                .filter(proof -> proof.id().equals(id))
                .findFirst();
        return unrecorded.isPresent()
                ? unrecorded
                : store.find(workload, catalog.of(workload).feature(), id).map(row -> recorded(workload, row));
    }

    /** What is ordered but not recorded. */
    private List<RollbackProof> unrecorded(Workload workload) {
        return pending.orders().stream()
                .filter(order -> order.workload().equals(workload))
                .map(this::unrecorded)
                .toList();
    }

    private RollbackProof unrecorded(RollbackOrder order) {
        Map<FlightState, Long> states = flights.states(order.workload());
        return new RollbackProof(
                order.id(),
                order.workload(),
                order.orderedAt(),
                order.actor().label(),
                order.actor().verified(),
                order.reason(),
                Optional.empty(),
                Optional.empty(),
                order.policyOr(workload -> orders.orUsual(workload, null)),
                fences.current(order.workload()),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                OptionalLong.empty(),
                remaining(order.workload(), Epoch.NONE, false, OptionalLong.empty()),
                0,
                states,
                Optional.empty(),
                Optional.empty(),
                List.of(
                        "Postgres is away: a stop in Redis refuses registrations; it is recorded when Postgres is back"));
    }

    private RollbackProof recorded(Workload workload, ProofStore.Row row) {
        FlagSnapshot flag = router.snapshot(workload);
        boolean superseded = ProofFollower.supersededBy(row.epoch(), flag);
        boolean open = row.completedAt().isEmpty();
        List<Obedience> instances = store.instances(row.id());
        InFlightPolicy policy = orders.orUsual(workload, row.policy());
        return new RollbackProof(
                row.id(),
                workload,
                row.orderedAt(),
                row.orderedBy(),
                row.verified(),
                row.reason(),
                Optional.of(row.epoch()),
                Optional.of(row.recordedAt()),
                policy,
                fences.current(workload),
                row.fencedAt(),
                row.obeyedAt(),
                instances,
                row.atFirst(),
                open ? remaining(workload, row.epoch(), superseded, row.remaining()) : OptionalLong.of(0),
                row.recalled(),
                open ? flights.states(workload) : Map.of(),
                row.completedAt(),
                superseded ? Optional.of(flag.epoch()) : Optional.empty(),
                open ? notes(policy, row, superseded) : List.of());
    }

    private OptionalLong remaining(Workload workload, Epoch epoch, boolean superseded, OptionalLong otherwise) {
        try {
            return OptionalLong.of(flights.decidedBefore(workload, epoch, superseded));
        } catch (UnavailableException away) {
            return otherwise;
        }
    }

    private static List<String> notes(InFlightPolicy policy, ProofStore.Row row, boolean superseded) {
        var notes = new ArrayList<String>();
        if (superseded) {
            notes.add(
                    "the percentage was raised again: items of newer versions are not counted, and nothing is recalled");
        } else if (policy.recall()) {
            notes.add("what is in flight is recalled from " + row.orderedAt().plus(policy.after()));
        }
        return notes;
    }
}
