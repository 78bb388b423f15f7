package dev.shunt.temporal;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * TLS towards Temporal. Files are PEM, are read when Shunt starts, and again for a new connection when they have changed.
 *
 * @param enabled whether the connection is TLS; not set: it is where an API key or any of the other keys is set. Also
 *     {@code TEMPORAL_TLS}
 * @param ca file of the certificates that the server's must come from; empty: those that the JVM trusts. Also
 *     {@code TEMPORAL_TLS_SERVER_CA_CERT_PATH}
 * @param certificate file of the client's certificate and what it comes from, for a server that asks for one (mTLS). Also
 *     {@code TEMPORAL_TLS_CLIENT_CERT_PATH}
 * @param key file of its private key, PKCS#8 without a password. Also {@code TEMPORAL_TLS_CLIENT_KEY_PATH}
 * @param serverName what the server's certificate is for, if not the host of the address. Also
 *     {@code TEMPORAL_TLS_SERVER_NAME}
 */
record TemporalTls(
        @Nullable Boolean enabled,
        @DefaultValue("") String ca,
        @DefaultValue("") String certificate,
        @DefaultValue("") String key,
        @DefaultValue("") String serverName) {

    static final TemporalTls NONE = new TemporalTls(null, "", "", "", "");
    static final String PREFIX = "shunt.temporal.tls.";

    TemporalTls {
        Map<String, String> set =
                new TreeMap<>(Map.of("ca", ca, "certificate", certificate, "key", key, "server-name", serverName));
        set.values().removeIf(String::isBlank);
        if (Boolean.FALSE.equals(enabled) && !set.isEmpty()) {
            throw new IllegalArgumentException(PREFIX + "enabled must be true, or not set, where " + PREFIX
                    + set.keySet().iterator().next() + " is set; was false");
        }
        if (certificate.isBlank() != key.isBlank()) {
            throw new IllegalArgumentException(PREFIX + "certificate and " + PREFIX
                    + "key must be set together: a client proves by its key that the certificate is its own; only "
                    + (key.isBlank() ? "certificate was " + certificate : "key was " + key));
        }
        if (!serverName.isBlank() && !serverName.matches("[^\\s:/@]+")) {
            throw new IllegalArgumentException(
                    PREFIX + "server-name must be a host name without port, was " + serverName);
        }
        if (!ca.isBlank()) {
            PemFiles.certificates(PREFIX + "ca", Path.of(ca));
        }
        if (!key.isBlank()) {
            PemFiles.identity(Path.of(certificate), Path.of(key));
        }
    }

    /** Whether anything asks for TLS. */
    boolean on() {
        return Boolean.TRUE.equals(enabled) || !(ca.isBlank() && certificate.isBlank() && serverName.isBlank());
    }

    Optional<Path> trusted() {
        return ca.isBlank() ? Optional.empty() : Optional.of(Path.of(ca));
    }
}
