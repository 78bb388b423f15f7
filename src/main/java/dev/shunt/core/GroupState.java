package dev.shunt.core;

/** What a person thinks of a group of divergences: the same kind at the same place of the data. */
public enum GroupState {
    /** Nobody has looked at it; also a fixed one that was seen again. */
    NEW,
    /** Somebody has looked at it and not decided. */
    SEEN,
    /** Known and lived with. It is counted and shown all the same. */
    ACCEPTED,
    /** Said to be fixed. Seen once more, the group is {@link #NEW} again. */
    FIXED
}
