package dev.shunt.operations;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The variables that the systems before Shunt were configured with, as settings of Shunt. Some are placeholders in
 * application.yaml and only checked here; a wrong value stops the start.
 */
final class OldVariables {

    private static final Pattern REDIS_URL =
            Pattern.compile("(redis|rediss|redis-sentinel|rediss-sentinel)://[^/\\s]\\S*");
    private static final int MOST_CONNECTIONS = 10_000;

    private OldVariables() {}

    /**
     * @return settings of Shunt by key
     * @throws WrongSettingException naming variable, value and expected form
     */
    static Map<String, Object> settings(Variables variables) {
        Map<String, Object> settings = new HashMap<>();
        PostgresAddress.from(variables).ifPresent(address -> {
            settings.put("spring.datasource.url", address.jdbcUrl());
            Optional.ofNullable(address.user()).ifPresent(user -> settings.put("spring.datasource.username", user));
            Optional.ofNullable(address.password())
                    .ifPresent(password -> settings.put("spring.datasource.password", password));
        });
        connections(variables, settings);
        redis(variables, settings);
        temporal(variables, settings);
        temporalAccess(variables, settings);
        variables.freePort("HEALTH_PORT").ifPresent(port -> settings.put("shunt.probes.port", port));
        variables.freePort("METRICS_PORT").ifPresent(port -> settings.put("shunt.probes.metrics-port", port));
        logLevel(variables).ifPresent(level -> settings.put("logging.level.root", level));
        variables
                .flag("USE_TEMPORAL_WORKFLOWS")
                .ifPresent(allowed -> settings.put("shunt.use-temporal-workflows", allowed));
        return settings;
    }

    private static void connections(Variables variables, Map<String, Object> settings) {
        Optional<Integer> most = variables.number("POSTGRES_MAX_CONNS", 1, MOST_CONNECTIONS);
        Optional<Integer> least = variables.number("POSTGRES_MIN_CONNS", 0, MOST_CONNECTIONS);
        if (most.isPresent() && least.isPresent() && least.get() > most.get()) {
            throw new WrongSettingException(
                    "POSTGRES_MIN_CONNS", least.get().toString(), "at most POSTGRES_MAX_CONNS (" + most.get() + ")");
        }
        most.ifPresent(value -> settings.put("spring.datasource.hikari.maximum-pool-size", value));
        least.ifPresent(value -> settings.put("spring.datasource.hikari.minimum-idle", value));
    }

    private static void redis(Variables variables, Map<String, Object> settings) {
        variables.text("REDIS_URL").ifPresent(url -> {
            if (!REDIS_URL.matcher(url).matches()) {
                throw new WrongSettingException(
                        "REDIS_URL",
                        PostgresAddress.withoutPassword(url),
                        "redis://host:port/database, rediss:// or redis-sentinel://host:port#master");
            }
            settings.put("shunt.redis.url", url);
        });
    }

    private static void temporal(Variables variables, Map<String, Object> settings) {
        Optional<String> alias = variables.hostAndPort("TEMPORAL_HOST_PORT");
        variables
                .hostAndPort("TEMPORAL_ADDRESS")
                .or(() -> alias)
                .ifPresent(address -> settings.put("shunt.temporal.address", address));
        variables.text("TEMPORAL_NAMESPACE").ifPresent(name -> settings.put("shunt.temporal.namespace", name));
        variables
                .text("TEMPORAL_TASK_QUEUE")
                .ifPresent(queue -> settings.put("shunt.workloads.trace.task-queue", queue));
        variables
                .number("MAX_CONCURRENT_WORKFLOWS", 2, 10_000)
                .ifPresent(slots -> settings.put("shunt.temporal.max-concurrent-workflow-tasks", slots));
        variables
                .number("MAX_CONCURRENT_ACTIVITIES", 1, 10_000)
                .ifPresent(slots -> settings.put("shunt.temporal.max-concurrent-activities", slots));
    }

    /** As the {@code temporal} tool has them, so that it and Shunt are let in by the same. */
    private static void temporalAccess(Variables variables, Map<String, Object> settings) {
        variables.flag("TEMPORAL_TLS").ifPresent(on -> settings.put("shunt.temporal.tls.enabled", on));
        variables
                .text("TEMPORAL_TLS_SERVER_CA_CERT_PATH")
                .ifPresent(file -> settings.put("shunt.temporal.tls.ca", file));
        variables
                .text("TEMPORAL_TLS_CLIENT_CERT_PATH")
                .ifPresent(file -> settings.put("shunt.temporal.tls.certificate", file));
        variables.text("TEMPORAL_TLS_CLIENT_KEY_PATH").ifPresent(file -> settings.put("shunt.temporal.tls.key", file));
        variables
                .text("TEMPORAL_TLS_SERVER_NAME")
                .ifPresent(name -> settings.put("shunt.temporal.tls.server-name", name));
        variables.text("TEMPORAL_API_KEY").ifPresent(key -> settings.put("shunt.temporal.api-key", key));
    }

    private static Optional<String> logLevel(Variables variables) {
        return variables
                .oneOf("LOG_LEVEL", "trace", "debug", "info", "warn", "warning", "error", "fatal", "off")
                .map(level -> level.equals("warning") ? "warn" : level);
    }
}
