package dev.shunt.console;

import dev.shunt.core.Epoch;
import dev.shunt.rollout.Rollback;
import dev.shunt.rollout.RolloutControl;
import dev.shunt.rollout.Status;
import dev.shunt.routing.InstanceState;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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
        List<String> problems) {

    static RolloutView of(Status status) {
        var flag = status.flag();
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
                status.problems());
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
     * One row of the history.
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
