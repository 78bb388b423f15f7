package dev.shunt.console;

import dev.shunt.console.ProgressView.PlanView;
import dev.shunt.console.ProgressView.VerdictLine;
import dev.shunt.core.Epoch;
import dev.shunt.rollout.Progress;
import dev.shunt.rollout.Rollback;
import dev.shunt.rollout.RolloutControl;
import dev.shunt.rollout.RolloutRow;
import dev.shunt.rollout.RolloutState;
import dev.shunt.rollout.Status;
import dev.shunt.routing.InstanceState;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What {@code GET /api/v1/rollouts/{workload}} shows; a field that cannot be known now is absent. */
record RolloutView(
        String workload,
        BigDecimal percentage,
        boolean enabled,
        long epoch,
        String changedBy,
        boolean verified,
        @Nullable Instant changedAt,
        String reason,
        boolean trusted,
        boolean held,
        @Nullable Long fence,
        List<InstanceView> instances,
        @Nullable Long inFlight,
        boolean orderPending,
        @Nullable RolloutState state,
        @Nullable String rolloutId,
        @Nullable String phase,
        @Nullable BigDecimal target,
        @Nullable Instant startedAt,
        @Nullable Instant phaseStartedAt,
        @Nullable Instant bakeEndsAt,
        @Nullable String heldBecause,
        @Nullable Instant cooldownUntil,
        @Nullable Set<String> waived,
        int pins,
        @Nullable PlanView plan,
        @Nullable VerdictLine verdict,
        List<String> problems) {

    static RolloutView of(Status status, Optional<Progress> progress) {
        var flag = status.flag();
        Progress known = progress.orElse(null);
        RolloutRow row = known == null ? null : known.standing().row();
        var problems = new ArrayList<>(status.problems());
        if (known != null) {
            problems.addAll(known.problems());
        }
        return new RolloutView(
                status.workload().name(),
                flag.percentage().percent(),
                flag.enabled(),
                flag.epoch().value(),
                flag.changedBy(),
                flag.verified(),
                flag.changedAt(),
                flag.reason(),
                status.trusted(),
                status.held(),
                number(status.fence()),
                InstanceView.of(status.instances(), flag.epoch()),
                number(status.inFlight()),
                status.orderPending(),
                known == null ? null : known.standing().state(),
                row == null ? null : row.id(),
                row == null ? null : row.phase(),
                known == null
                        ? null
                        : known.phase()
                                .map(now -> known.plan().target(now).percent())
                                .orElse(null),
                row == null ? null : row.startedAt(),
                row == null ? null : row.phaseStartedAt(),
                known == null ? null : known.bakeEndsAt().orElse(null),
                row == null ? null : row.heldBecause(),
                row == null ? null : row.cooldownUntil(),
                row == null ? null : new TreeSet<>(row.waived()),
                flag.pins().size(),
                known == null ? null : PlanView.of(known.plan()),
                known == null ? null : known.verdict().map(VerdictLine::of).orElse(null),
                problems);
    }

    private static @Nullable Long number(Optional<Epoch> epoch) {
        return epoch.map(Epoch::value).orElse(null);
    }

    private static @Nullable Long number(OptionalLong count) {
        return count.isPresent() ? count.getAsLong() : null;
    }

    /** @param obeys whether it can no longer route by an older version than the one shown */
    record InstanceView(
            String id, long epoch, Instant lastSeen, Instant leaseEndsAt, boolean live, boolean held, boolean obeys) {

        static List<InstanceView> of(List<InstanceState> instances, Epoch epoch) {
            return instances.stream()
                    .map(i -> new InstanceView(
                            i.id(),
                            i.epoch().value(),
                            i.lastSeen(),
                            i.leaseEndsAt(),
                            i.live(),
                            i.held(),
                            i.obeys(epoch)))
                    .toList();
        }
    }

    /**
     * The answer to a change.
     *
     * @param laggards live instances that had not acknowledged it yet
     */
    record Changed(
            String workload, BigDecimal percentage, long epoch, List<InstanceView> laggards, RolloutView rollout) {}

    /** The answer to a rollback. */
    record RolledBack(
            String id,
            String workload,
            Instant orderedAt,
            boolean complete,
            boolean recorded,
            boolean stopped,
            @Nullable Instant stoppedAt,
            @Nullable Long epoch,
            List<InstanceView> instances,
            List<InstanceView> laggards,
            @Nullable Instant leasesEndBy,
            @Nullable Long inFlight,
            List<String> notes) {

        static RolledBack of(Rollback rollback) {
            Epoch epoch = rollback.epoch().orElse(Epoch.NONE);
            return new RolledBack(
                    rollback.id(),
                    rollback.workload().name(),
                    rollback.orderedAt(),
                    rollback.complete(),
                    rollback.recorded(),
                    rollback.stopped(),
                    rollback.stoppedAt().orElse(null),
                    number(rollback.epoch()),
                    InstanceView.of(rollback.instances(), epoch),
                    InstanceView.of(rollback.laggards(), epoch),
                    rollback.leasesEndBy().orElse(null),
                    number(rollback.inFlight()),
                    rollback.notes());
        }
    }

    /**
     * One change of the flag.
     *
     * @param from absent if there was no flag
     * @param to absent if it was removed
     */
    record ChangeView(
            long epoch,
            Instant changedAt,
            String changedBy,
            boolean verified,
            String reason,
            String databaseUser,
            @Nullable VersionView from,
            @Nullable VersionView to) {

        static ChangeView of(RolloutControl.Change change) {
            return new ChangeView(
                    change.epoch(),
                    change.changedAt(),
                    change.changedBy(),
                    change.verified(),
                    change.reason(),
                    change.databaseUser(),
                    VersionView.of(change.from()),
                    VersionView.of(change.to()));
        }
    }

    record VersionView(BigDecimal percentage, boolean enabled) {

        static @Nullable VersionView of(RolloutControl.@Nullable Version version) {
            return version == null ? null : new VersionView(version.percentage().percent(), version.enabled());
        }
    }
}
