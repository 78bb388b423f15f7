package dev.shunt.rollout;

import dev.shunt.core.Epoch;
import dev.shunt.core.Percentage;
import dev.shunt.core.Workload;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A rollback that was taken under live traffic to see that it works, and back.
 *
 * @param from the percentage before
 * @param rollback id of the rollback; empty if none was taken
 * @param obeyedMillis from the flag's change until the last live instance obeyed
 * @param zeroMillis from the flag's change until nothing was in flight and it was complete
 * @param atFirst items in flight when the fence was raised
 * @param restored the version that carries the percentage of before again; empty: the flag stayed at 0
 * @param words what happened, for a person
 * @param instances how long each one took to obey; only of a rehearsal that has just ended or is asked for alone
 */
public record Rehearsal(
        String id,
        Workload workload,
        String orderedBy,
        boolean verified,
        String reason,
        Percentage from,
        Optional<String> rollback,
        Instant startedAt,
        OptionalLong obeyedMillis,
        OptionalLong zeroMillis,
        OptionalLong atFirst,
        Optional<Epoch> restored,
        Optional<Instant> endedAt,
        Outcome outcome,
        String words,
        List<Flip> instances) {

    public Rehearsal {
        instances = List.copyOf(instances);
    }

    /** How it ended. */
    public enum Outcome {
        RUNNING,
        /** Everybody obeyed, nothing was left in flight, and the percentage of before is in force again. */
        PASSED,
        /** Something went wrong: the flag is at 0 unless its words say otherwise. */
        FAILED
    }

    /** @param millis from the flag's change until it obeyed; empty if it never did and lost its lease */
    public record Flip(String instance, OptionalLong millis) {}
}
