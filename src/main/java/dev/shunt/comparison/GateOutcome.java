package dev.shunt.comparison;

/** What a gate says. Listed from the best to the worst. */
public enum GateOutcome {
    /** Enough was seen, and it is good. */
    PASS,
    /** Nothing is wrong as far as can be seen, but it is not enough to say so. */
    INCONCLUSIVE,
    /** What the gate looks at could not be read, or says nothing any more. Never taken for good or for bad. */
    NO_DATA,
    /** It is bad, and chance is no explanation. */
    FAIL;

    /** The worse of the two. */
    public GateOutcome or(GateOutcome other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
