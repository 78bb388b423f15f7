package dev.shunt.oldworker;

/** What some other team's old worker might do otherwise than CognObserve's. */
public enum Quirk {
    /** Costs are computed in doubles, as JavaScript's numbers do it. */
    FLOAT_COSTS,
    /** What is told about users is not stored. */
    USER_IGNORED,
    /** A session is not linked to its user. */
    SESSION_WITHOUT_USER
}
