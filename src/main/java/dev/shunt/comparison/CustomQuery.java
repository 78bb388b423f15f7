package dev.shunt.comparison;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;

/**
 * Where a custom gate gets its number, and which numbers are good.
 *
 * @param kind what is asked
 * @param url of the answer ({@link Kind#HTTP}), or the base of a Prometheus server ({@link Kind#PROMQL}); http or https
 * @param expression for HTTP the path of the number in the JSON answer, names and indices joined by dots such as
 *     {@code checks.0.value}; for PROMQL the query, whose answer must be one number
 * @param good how the number must stand to the limit for the gate to pass
 * @param limit what it is held against; finite
 * @param timeout how long to wait for the answer, 10 ms..10 s
 */
public record CustomQuery(Kind kind, URI url, String expression, Good good, double limit, Duration timeout) {

    /** What is asked. */
    public enum Kind {
        /** Any HTTP service that answers JSON. */
        HTTP,
        /** The query API of a Prometheus server. */
        PROMQL
    }

    /** Which side of the limit is good. */
    public enum Good {
        AT_MOST,
        AT_LEAST;

        boolean accepts(double value, double limit) {
            return this == AT_MOST ? value <= limit : value >= limit;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    @SuppressWarnings("ConstantValue") // configuration binding hands over null for an absent key
    public CustomQuery {
        if (kind == null || url == null || expression == null || good == null || timeout == null) {
            throw new IllegalArgumentException("query of a custom gate must have kind, url, expression, good, limit and"
                    + " timeout, had " + kind + ", " + url + ", " + expression + ", " + good + ", " + limit + ", "
                    + timeout);
        }
        String scheme = String.valueOf(url.getScheme());
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException("url of a custom gate must begin with http:// or https://, was " + url);
        }
        if (expression.isBlank()) {
            throw new IllegalArgumentException("expression of a custom gate must not be empty: a path into the JSON"
                    + " answer, or a PromQL query");
        }
        if (!Double.isFinite(limit)) {
            throw new IllegalArgumentException("limit of a custom gate must be a finite number, was " + limit);
        }
        if (timeout.compareTo(Duration.ofMillis(10)) < 0 || timeout.compareTo(Duration.ofSeconds(10)) > 0) {
            throw new IllegalArgumentException("timeout of a custom gate must be 10ms..10s, was " + timeout);
        }
    }

    /** Whether this number lets the gate pass. */
    public boolean accepts(double value) {
        return good.accepts(value, limit);
    }
}
