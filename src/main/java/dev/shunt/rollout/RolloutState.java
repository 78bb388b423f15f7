package dev.shunt.rollout;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the rollout of a workload stands, and which step leads where. This is the table; docs/rollout.md shows the same
 * one and a test holds both against each other.
 */
public enum RolloutState {
    /** Nobody started one. The percentage may be set by hand; no gate watches. */
    NOT_STARTED,
    /** In a phase of its plan; gates are evaluated. */
    RUNNING,
    /** Stays at its percentage until a person resumes it; gates are evaluated as before. */
    HELD,
    /** The flag is at 0, by whatever hand. A cooldown runs. */
    ROLLED_BACK,
    /** Everything is on Temporal for good, and new items have no legacy route behind them. Undone only with Redis there. */
    COMPLETED;

    /** What can be done to a rollout. */
    public enum Step {
        /** Begins the first phase. */
        START,
        /** Begins the next phase. */
        PROMOTE,
        /** Stops it from going on. */
        HOLD,
        /** Lets it go on. */
        RESUME,
        /** Sets the percentage by hand, above 0 while one runs. */
        PERCENTAGE,
        /** The flag is at 0, taken by an order, the controller, SQL or the percentage. */
        ROLLBACK,
        /** Ends it, everything on Temporal. */
        COMPLETE;

        /** As in the API's path. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private static final Map<RolloutState, Map<Step, RolloutState>> NEXT = new EnumMap<>(Map.of(
            NOT_STARTED, Map.of(Step.START, RUNNING, Step.PERCENTAGE, NOT_STARTED, Step.ROLLBACK, NOT_STARTED),
            RUNNING,
                    Map.of(
                            Step.PROMOTE, RUNNING,
                            Step.HOLD, HELD,
                            Step.PERCENTAGE, RUNNING,
                            Step.ROLLBACK, ROLLED_BACK,
                            Step.COMPLETE, COMPLETED),
            HELD,
                    Map.of(
                            Step.RESUME, RUNNING,
                            Step.PERCENTAGE, HELD,
                            Step.ROLLBACK, ROLLED_BACK),
            ROLLED_BACK,
                    Map.of(
                            Step.START, RUNNING,
                            Step.PERCENTAGE, ROLLED_BACK,
                            Step.ROLLBACK, ROLLED_BACK),
            COMPLETED,
                    Map.of(
                            Step.START, RUNNING,
                            Step.PERCENTAGE, COMPLETED,
                            Step.ROLLBACK, ROLLED_BACK)));

    /** Where a step leads; empty if it cannot be taken from here. */
    public Optional<RolloutState> after(Step step) {
        return Optional.ofNullable(NEXT.getOrDefault(this, Map.of()).get(step));
    }

    /** Whether the percentage is watched by gates and bound to a phase. */
    public boolean active() {
        return this == RUNNING || this == HELD;
    }

    /** Why a step cannot be taken from here, naming both ends and the way out. */
    public String refusal(Step step) {
        List<String> possible = Arrays.stream(Step.values())
                .filter(other -> after(other).isPresent())
                .map(Step::word)
                .toList();
        return "cannot " + step.word() + " from " + this + " to " + target(step) + ": " + wayOut(step)
                + "; possible from here: " + String.join(", ", possible);
    }

    private String wayOut(Step step) {
        return switch (this) {
            case HELD ->
                step == Step.PROMOTE || step == Step.COMPLETE
                        ? "resume it first"
                        : step == Step.HOLD ? "it is held already" : "it runs already, held";
            case RUNNING -> step == Step.START ? "it runs already" : "it is not held";
            default -> "no rollout runs, start one first";
        };
    }

    private static String target(Step step) {
        return switch (step) {
            case PROMOTE -> "the next phase";
            case HOLD -> HELD.name();
            case START, RESUME -> RUNNING.name();
            case ROLLBACK -> ROLLED_BACK.name();
            case COMPLETE -> COMPLETED.name();
            case PERCENTAGE -> "another percentage";
        };
    }
}
