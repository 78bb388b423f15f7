package dev.shunt.temporal;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How Shunt is let in by Temporal: nothing for a server of one's own network, TLS, a client certificate or an API key for
 * others, such as Temporal Cloud.
 *
 * @param apiKey sent with every call, never shown; needs TLS and switches it on. Also {@code TEMPORAL_API_KEY}
 * @param tls how the connection is encrypted, and who proves what by which certificate
 */
@ConfigurationProperties("shunt.temporal")
record TemporalAccess(
        @DefaultValue("") String apiKey, @DefaultValue TemporalTls tls) {

    static final TemporalAccess PLAIN = new TemporalAccess("", TemporalTls.NONE);

    TemporalAccess {
        apiKey = apiKey.strip();
        if (!apiKey.matches("[\\x21-\\x7e]*")) {
            throw new IllegalArgumentException(
                    "shunt.temporal.api-key must be one word of printable ASCII characters, was ***");
        }
        if (!apiKey.isEmpty() && Boolean.FALSE.equals(tls.enabled())) {
            throw new IllegalArgumentException(TemporalTls.PREFIX
                    + "enabled must be true, or not set, where shunt.temporal.api-key is set, which nobody on the way may"
                    + " read; was false");
        }
    }

    /** Whether the connection is TLS. */
    boolean encrypted() {
        return tls.on() || !apiKey.isEmpty();
    }

    /** Never shows the key. */
    @Override
    public String toString() {
        return "TemporalAccess[" + (apiKey.isEmpty() ? "no API key" : "an API key") + ", " + tls + "]";
    }
}
