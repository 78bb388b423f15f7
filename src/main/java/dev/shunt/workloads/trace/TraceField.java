package dev.shunt.workloads.trace;

import java.util.Locale;

/** The fields of a stored trace that its input fixes. The order is part of the evidence's format. */
enum TraceField {
    NAME,
    OCCURRED_AT,
    SESSION_ID,
    USER_ID,
    METADATA;

    /** As in divergences and columns. */
    String path() {
        return name().toLowerCase(Locale.ROOT);
    }
}
