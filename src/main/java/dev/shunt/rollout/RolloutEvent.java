package dev.shunt.rollout;

import dev.shunt.core.Epoch;
import dev.shunt.core.Percentage;
import dev.shunt.core.Workload;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the audit trail, as it is written. The database adds its number and its time.
 *
 * @param rollout id of the rollout; null if none was ever started
 * @param what a word in capitals: a {@link RolloutState.Step}, or what else happened, for example PREFLIGHT
 * @param reason why, for a person; not blank
 * @param from what it was before; null if that is of no matter
 * @param to what it is now; null if that is of no matter
 * @param epoch the version of the flag that this made, or that it was made at
 * @param verdict id of the verdict that it rests on
 * @param detail more words, for example what was overridden
 */
public record RolloutEvent(
        Workload workload,
        @Nullable String rollout,
        String what,
        Actor actor,
        String reason,
        @Nullable Position from,
        @Nullable Position to,
        @Nullable Epoch epoch,
        @Nullable String verdict,
        @Nullable String detail) {

    public RolloutEvent {
        if (what.isBlank() || reason.isBlank()) {
            throw new IllegalArgumentException("an event must say what happened and why");
        }
    }

    /**
     * Where a rollout stands.
     *
     * @param phase null if none was ever begun
     * @param percentage the flag's
     */
    public record Position(
            RolloutState state,
            @Nullable String phase,
            @Nullable Percentage percentage) {}

    /** Something that happened without changing where the rollout stands. */
    public static RolloutEvent note(
            Workload workload, String what, Actor actor, String reason, @Nullable String detail) {
        return new RolloutEvent(workload, null, what, actor, reason, null, null, null, null, detail);
    }

    /** The same event with more words. */
    public RolloutEvent with(@Nullable String moreWords) {
        return new RolloutEvent(workload, rollout, what, actor, reason, from, to, epoch, verdict, moreWords);
    }
}
