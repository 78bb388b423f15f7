package dev.shunt.core;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where something was begun, as W3C Trace Context writes it: what it belongs to in the tracing system of whoever runs
 * Shunt. Plain data; nothing is decided by it.
 *
 * @param parent the {@code traceparent} header; empty if it belongs to nothing
 * @param state the {@code tracestate} header, at most 512 characters; empty if there is none
 */
public record Lineage(String parent, String state) {

    private static final Pattern PARENT = Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");
    private static final Pattern STATE = Pattern.compile("[ -~]{0,512}");

    /** Belongs to nothing. */
    public static final Lineage NONE = new Lineage("", ""); // below the patterns, which its constructor asks

    public Lineage {
        if (!parent.isEmpty() && !PARENT.matcher(parent).matches()) {
            throw new IllegalArgumentException("traceparent must match " + PARENT + ", was '" + parent + "'");
        }
        if (!STATE.matcher(state).matches() || (parent.isEmpty() && !state.isEmpty())) {
            throw new IllegalArgumentException(
                    "tracestate must be 0..512 printable ASCII characters beside a traceparent");
        }
    }

    /** What cannot be meant counts as not there: a caller's wrong header must never fail its item. */
    public static Lineage of(@Nullable String parent, @Nullable String state) {
        if (parent == null || !PARENT.matcher(parent).matches()) {
            return NONE;
        }
        return new Lineage(parent, state == null || !STATE.matcher(state).matches() ? "" : state);
    }

    public boolean isKnown() {
        return !parent.isEmpty();
    }

    /** 32 hex digits; empty if it belongs to nothing. */
    public String traceId() {
        return isKnown() ? parent.substring(3, 35) : "";
    }

    /** 16 hex digits; empty if it belongs to nothing. */
    public String spanId() {
        return isKnown() ? parent.substring(36, 52) : "";
    }
}
