package dev.shunt.comparison;

/** What follows from a gate's FAIL. */
public enum GateMode {
    /** Nothing: it is shown and does not count. */
    OBSERVE,
    /** The rollout stays where it is until a person says otherwise. */
    HOLD,
    /** Everything goes back to legacy. */
    ROLLBACK
}
