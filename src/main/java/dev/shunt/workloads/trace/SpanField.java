package dev.shunt.workloads.trace;

import java.util.Locale;

/** The fields of a stored span that its input fixes. The order is part of the evidence's format. */
enum SpanField {
    PARENT_SPAN_ID,
    NAME,
    START_TIME,
    END_TIME,
    INPUT,
    OUTPUT,
    METADATA,
    MODEL,
    MODEL_PARAMETERS,
    PROMPT_TOKENS,
    COMPLETION_TOKENS,
    TOTAL_TOKENS,
    LEVEL,
    STATUS_MESSAGE;

    /** As in divergences and columns. */
    String path() {
        return name().toLowerCase(Locale.ROOT);
    }
}
