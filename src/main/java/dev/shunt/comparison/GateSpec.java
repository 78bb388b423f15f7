package dev.shunt.comparison;

import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A gate as a plan names it.
 *
 * @param name one of {@link #KNOWN}, or {@code custom:<name>} with a name of {@code a-z 0-9 -}
 * @param mode what follows from its FAIL
 * @param limit what it is held against, in the gate's own unit (see {@link #KNOWN}); null: the default
 * @param query where a custom gate gets its number; null for all others
 */
public record GateSpec(
        String name,
        GateMode mode,
        @Nullable Double limit,
        @Nullable CustomQuery query) {

    public static final String SPLIT = "split";
    public static final String ERRORS = "errors";
    public static final String TAIL = "tail";
    public static final String BULK = "bulk";
    public static final String DIVERGENCE = "divergence";
    public static final String COMPLETION = "completion";
    public static final String P95 = "p95";
    public static final String MEAN = "mean";
    public static final String ACTIVITY_FAILURES = "activity-failures";

    /**
     * The gates that need no query, with the meaning of their limit.
     */
    public static final Map<String, Limit> KNOWN = Map.of(
            SPLIT, new Limit(0.05, 0.001, 0.5, "how far the share of keys on Temporal may be from the percentage"),
            ERRORS, new Limit(0.01, 0.0001, 1, "by how much the share of dead items may be greater than on legacy"),
            TAIL, new Limit(0.03, 0.011, 1, "share of items that may be slower than the 99th percentile of legacy"),
            BULK, new Limit(0.6, 0.51, 1, "share of items that may be slower than the median of legacy"),
            DIVERGENCE, new Limit(0.001, 0.000001, 0.5, "share of compared items that may differ"),
            COMPLETION, new Limit(0.99, 0.5, 0.999999, "least share of items that Temporal completes"),
            P95, new Limit(5, 0.001, 86_400, "95th percentile of acceptance to commit, in seconds"),
            MEAN, new Limit(5, 0.001, 86_400, "mean of acceptance to commit, in seconds"),
            ACTIVITY_FAILURES, new Limit(0.01, 0.000001, 0.5, "share of tries of activities that may fail"));

    private static final Pattern CUSTOM = Pattern.compile("custom:[a-z][a-z0-9-]{0,31}");

    /**
     * What a limit may be.
     *
     * @param usual taken when the plan says nothing
     * @param least smallest allowed
     * @param most greatest allowed
     * @param meaning in words
     */
    public record Limit(double usual, double least, double most, String meaning) {}

    public GateSpec {
        Limit known = KNOWN.get(name);
        if (known == null && !CUSTOM.matcher(name).matches()) {
            throw new IllegalArgumentException("gate must be one of "
                    + KNOWN.keySet().stream().sorted().toList() + " or match " + CUSTOM + ", was '" + name + "'");
        }
        if (known == null && query == null) {
            throw new IllegalArgumentException("gate " + name + " needs a query: an url and an expression");
        }
        if (known != null && query != null) {
            throw new IllegalArgumentException("gate " + name + " takes no query: only custom gates do");
        }
        if (known == null && limit != null) {
            throw new IllegalArgumentException("gate " + name + " has its limit in its query, not beside it");
        }
        if (known != null && limit != null && !(limit >= known.least() && limit <= known.most())) {
            throw new IllegalArgumentException("limit of gate " + name + " (" + known.meaning() + ") must be "
                    + known.least() + ".." + known.most() + ", was " + limit);
        }
    }

    /** A gate with its default limit. */
    public static GateSpec of(String name, GateMode mode) {
        return new GateSpec(name, mode, null, null);
    }

    public boolean isCustom() {
        return query != null;
    }

    /** The limit that counts: the plan's, else the default, for a custom gate its query's. */
    public double effectiveLimit() {
        if (limit != null) {
            return limit;
        }
        return query == null ? Objects.requireNonNull(KNOWN.get(name)).usual() : query.limit();
    }
}
