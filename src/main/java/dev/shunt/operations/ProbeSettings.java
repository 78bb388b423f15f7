package dev.shunt.operations;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where probes and Prometheus ask. On ports of their own, apart from the door: they answer while the door is full, and need
 * not be reachable from where its clients are.
 *
 * @param port of {@code /health} and {@code /ready}, also {@code HEALTH_PORT}; 0..65535, 0: any free one, which the log tells
 * @param metricsPort of {@code /metrics}, also {@code METRICS_PORT}; 0..65535; unset: the same as {@code port}
 */
@ConfigurationProperties("shunt.probes")
record ProbeSettings(
        @DefaultValue("8081") int port, @Nullable Integer metricsPort) {

    private static final int MOST = 65_535;

    ProbeSettings {
        check("port", port);
        if (metricsPort != null) {
            check("metrics-port", metricsPort);
        }
    }

    /** Whether metrics are answered elsewhere. */
    boolean metricsApart() {
        return metricsPort != null && metricsPort != port;
    }

    private static void check(String key, int value) {
        if (value < 0 || value > MOST) {
            throw new IllegalArgumentException("shunt.probes." + key + " must be 0.." + MOST + ", was " + value);
        }
    }
}
