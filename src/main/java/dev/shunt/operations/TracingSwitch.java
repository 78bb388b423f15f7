package dev.shunt.operations;

import java.util.List;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.StringUtils;

/**
 * Tracing is off, down to the last bean of it, until an address says where spans go. What is set by hand stays as it is:
 * {@code management.tracing.export.enabled=true} traces without an address, for spans that are taken in another way.
 */
final class TracingSwitch implements EnvironmentPostProcessor, Ordered {

    static final String KEY = "management.tracing.export.enabled";

    private static final String ENDPOINT = "management.opentelemetry.tracing.export.otlp.endpoint";
    private static final List<String> ADDRESSES =
            List.of(ENDPOINT, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT");
    private static final String BOOT = "org.springframework.boot.";
    private static final Map<String, Object> OFF = Map.of(
            KEY,
            "false",
            "spring.autoconfigure.exclude",
            String.join(
                    ",",
                    BOOT + "opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration",
                    BOOT + "opentelemetry.autoconfigure.logging.OpenTelemetryLoggingAutoConfiguration",
                    BOOT + "opentelemetry.autoconfigure.logging.otlp.OtlpLoggingAutoConfiguration",
                    BOOT + "micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration",
                    BOOT + "micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration",
                    BOOT + "micrometer.tracing.opentelemetry.autoconfigure.otlp.OtlpTracingAutoConfiguration"));

    /** After the configuration files are read and the variables of OpenTelemetry are mapped. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        if (!isOn(environment)) {
            environment.getPropertySources().addLast(new MapPropertySource("tracing is off", OFF));
        }
    }

    /** Whether spans are made. */
    static boolean isOn(Environment environment) {
        String byHand = environment.getProperty(KEY);
        return StringUtils.hasText(byHand)
                ? Boolean.parseBoolean(byHand)
                : ADDRESSES.stream().anyMatch(address -> StringUtils.hasText(environment.getProperty(address)));
    }
}
