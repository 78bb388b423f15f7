package dev.shunt.console;

import dev.shunt.core.Epoch;
import dev.shunt.rollout.RollbackProof;
import dev.shunt.rollout.RollbackProof.FlightState;
import dev.shunt.rollout.RollbackProof.Obedience;
import dev.shunt.rollout.RollbackProof.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How far a rollback has come, as the API shows it; what is not known (yet) is absent. */
record ProofView(
        String id,
        String workload,
        boolean complete,
        String words,
        Instant orderedAt,
        String orderedBy,
        boolean verified,
        String reason,
        boolean recorded,
        @Nullable Instant recordedAt,
        @Nullable Long epoch,
        @Nullable Long fence,
        @Nullable Instant fencedAt,
        @Nullable Instant obeyedAt,
        List<ObedienceView> instances,
        List<String> laggards,
        @Nullable Instant leasesEndBy,
        FlightView inFlight,
        @Nullable Instant completedAt,
        @Nullable Long tookMillis,
        @Nullable Long supersededBy,
        List<String> notes) {

    /** What one instance does about it. */
    record ObedienceView(
            String id,
            long epoch,
            Standing state,
            @Nullable Instant acknowledgedAt,
            @Nullable Instant leaseEndsAt) {}

    /**
     * @param atFirst when the fence was raised
     * @param states of the oldest items, the rest as UNKNOWN; empty when it is complete
     */
    record FlightView(
            String policy,
            @Nullable Long atFirst,
            @Nullable Long remaining,
            long recalled,
            Map<FlightState, Long> states) {}

    static ProofView of(RollbackProof proof) {
        return new ProofView(
                proof.id(),
                proof.workload().name(),
                proof.completedAt().isPresent(),
                proof.words(),
                proof.orderedAt(),
                proof.orderedBy(),
                proof.verified(),
                proof.reason(),
                proof.recordedAt().isPresent(),
                proof.recordedAt().orElse(null),
                number(proof.epoch()),
                number(proof.fence()),
                proof.fencedAt().orElse(null),
                proof.obeyedAt().orElse(null),
                proof.instances().stream().map(ProofView::view).toList(),
                proof.laggards(),
                proof.instances().stream()
                        .filter(one -> one.standing() == Standing.LAGGARD)
                        .flatMap(one -> one.leaseEndsAt().stream())
                        .max(Instant::compareTo)
                        .orElse(null),
                new FlightView(
                        proof.policy().toString(),
                        number(proof.atFirst()),
                        number(proof.remaining()),
                        proof.recalled(),
                        new TreeMap<>(proof.states())),
                proof.completedAt().orElse(null),
                proof.took().map(Duration::toMillis).orElse(null),
                number(proof.supersededBy()),
                proof.notes());
    }

    private static ObedienceView view(Obedience one) {
        return new ObedienceView(
                one.instance(),
                one.epoch().value(),
                one.standing(),
                one.acknowledgedAt().orElse(null),
                one.leaseEndsAt().orElse(null));
    }

    private static @Nullable Long number(Optional<Epoch> epoch) {
        return epoch.map(Epoch::value).orElse(null);
    }

    private static @Nullable Long number(OptionalLong count) {
        return count.isPresent() ? count.getAsLong() : null;
    }
}
