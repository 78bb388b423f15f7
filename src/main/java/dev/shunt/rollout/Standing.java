package dev.shunt.rollout;

import dev.shunt.core.Epoch;
import dev.shunt.core.Percentage;
import dev.shunt.core.Workload;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a workload's rollout and its flag stand at one moment, as the database says.
 *
 * @param row null if none was ever started
 * @param epoch the flag's version; {@link Epoch#NONE} if it never was
 * @param percentage as the flag says
 * @param enabled the flag's kill switch
 * @param changedBy who made this version of the flag
 * @param changedAt when; null if nobody did
 * @param now by the database's clock
 */
public record Standing(
        Workload workload,
        @Nullable RolloutRow row,
        Epoch epoch,
        Percentage percentage,
        boolean enabled,
        Actor changedBy,
        String changeReason,
        @Nullable Instant changedAt,
        Instant now) {

    public RolloutState state() {
        return row == null ? RolloutState.NOT_STARTED : row.state();
    }

    /** Name of the phase; null if none was ever begun. */
    public @Nullable String phase() {
        return row == null ? null : row.phase();
    }

    /** The share in force. */
    public Percentage effective() {
        return enabled ? percentage : Percentage.ZERO;
    }

    RolloutEvent.Position position() {
        return new RolloutEvent.Position(state(), phase(), effective());
    }

    /** Whether both are the same step of the same rollout at the same version of the flag. */
    boolean sameAs(Standing other) {
        RolloutRow theirs = other.row();
        return epoch.equals(other.epoch())
                && (row == null
                        ? theirs == null
                        : theirs != null
                                && row.id().equals(theirs.id())
                                && row.phase().equals(theirs.phase())
                                && row.state() == theirs.state());
    }
}
