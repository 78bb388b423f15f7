package dev.shunt.rollout;

import dev.shunt.core.Epoch;
import dev.shunt.rollout.RolloutState.Step;
import dev.shunt.rollout.RolloutStore.Scene;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What others did while a rollback was rehearsed: putting back what was before must not undo it. */
final class Meanwhile {

    private static final String VERSIONS = """
            select epoch, changed_by, reason from flag_history
            where feature = ? and epoch > ? and epoch < ? order by epoch desc limit 1
            """;
    private static final String TAKEN_FROM = """
            select from_state, from_phase from rollout_event
            where workload = ? and what = ? and epoch = ? order by id desc limit 1
            """;

    private Meanwhile() {}

    /**
     * What was done besides one rollback, in words; empty if nothing was.
     *
     * @param before as it stood at first
     * @param zero the version of the flag that carries the rollback
     */
    static Optional<String> happened(Scene scene, Standing before, Epoch zero) {
        Standing now = scene.before();
        if (!now.epoch().equals(zero)) {
            return Optional.of("epoch " + now.epoch() + " came after it, by "
                    + now.changedBy().label() + ": " + now.changeReason());
        }
        Optional<String> version = scene.sql()
                .sql(VERSIONS)
                .params(scene.feature(), before.epoch().value(), zero.value())
                .query((row, n) ->
                        "epoch " + row.getLong(1) + " came before it, by " + row.getString(2) + ": " + row.getString(3))
                .optional();
        return version.isPresent() ? version : ofRollout(scene, before.row(), now.row(), zero);
    }

    /** A step without a version of its own, for example HOLD: seen from where the rollback was taken. */
    private static Optional<String> ofRollout(
            Scene scene, @Nullable RolloutRow was, @Nullable RolloutRow is, Epoch zero) {
        if (was == null || was.equals(is)) {
            return Optional.empty(); // no rollout, or the rollback is not written down in it yet
        }
        Instant cooling = is == null ? null : is.cooldownUntil();
        if (cooling == null || !was.rolledBack(cooling).equals(is)) {
            return Optional.of("the rollout was changed too");
        }
        String place = was.state() + " in phase " + was.phase();
        String from = scene.sql()
                .sql(TAKEN_FROM)
                .params(was.workload().name(), Step.ROLLBACK.name(), zero.value())
                .query((row, n) -> row.getString(1) + " in phase " + row.getString(2))
                .optional()
                .orElse("not to be found");
        return from.equals(place)
                ? Optional.empty()
                : Optional.of("the rollout was " + place + " and had become " + from + " when it was taken");
    }
}
