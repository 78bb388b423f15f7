package dev.shunt.rollout;

import dev.shunt.core.Workload;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The present or last rollout of a workload, as the database keeps it.
 *
 * @param id unique; evidence of one rollout is never counted for another
 * @param phase name of the phase it is in, or was in last
 * @param planHash of the plan that it was started with
 * @param heldBecause null unless it is held
 * @param waived gates whose FAIL a person has accepted for this phase
 * @param cooldownUntil null if it was never rolled back
 */
public record RolloutRow(
        Workload workload,
        String id,
        RolloutState state,
        String phase,
        Instant startedAt,
        Instant phaseStartedAt,
        String planHash,
        @Nullable String heldBecause,
        Set<String> waived,
        @Nullable Instant cooldownUntil) {

    public RolloutRow {
        waived = Set.copyOf(waived);
    }

    RolloutRow in(RolloutState next) {
        return new RolloutRow(
                workload, id, next, phase, startedAt, phaseStartedAt, planHash, null, waived, cooldownUntil);
    }

    RolloutRow held(String why) {
        return new RolloutRow(
                workload,
                id,
                RolloutState.HELD,
                phase,
                startedAt,
                phaseStartedAt,
                planHash,
                why,
                waived,
                cooldownUntil);
    }

    RolloutRow waiving(Set<String> more) {
        Set<String> all = new TreeSet<>(waived);
        all.addAll(more);
        return new RolloutRow(
                workload, id, state, phase, startedAt, phaseStartedAt, planHash, heldBecause, all, cooldownUntil);
    }

    RolloutRow entering(Phase next, Instant now, String hash) {
        return new RolloutRow(
                workload, id, RolloutState.RUNNING, next.name(), startedAt, now, hash, null, Set.of(), cooldownUntil);
    }

    RolloutRow rolledBack(Instant coolUntil) {
        return new RolloutRow(
                workload,
                id,
                RolloutState.ROLLED_BACK,
                phase,
                startedAt,
                phaseStartedAt,
                planHash,
                null,
                waived,
                coolUntil);
    }
}
