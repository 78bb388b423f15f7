package dev.shunt.operations;

import dev.shunt.core.Role;
import dev.shunt.core.Roles;
import dev.shunt.operations.ProbeServer.Answer;
import dev.shunt.operations.ProbeServer.Page;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** What probes and Prometheus are answered. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ProbeSettings.class)
class ProbeConfiguration {

    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    @Bean
    ProbeServer probeServer(
            ProbeSettings settings,
            Environment environment,
            Readiness readiness,
            Roles roles,
            ObjectProvider<PrometheusMeterRegistry> registry) {
        return new ProbeServer(
                settings,
                environment.getProperty("server.address", InetAddress.class),
                List.of(
                        new Page("/health", false, () -> page(readiness.illness(), "healthy", "unhealthy", roles)),
                        new Page("/ready", false, () -> page(readiness.obstacle(), "ready", "not_ready", roles)),
                        new Page("/metrics", true, () -> metrics(registry.getIfAvailable()))));
    }

    @Bean
    MeterBinder probeMeters(Readiness readiness) {
        return meters -> {
            Gauge.builder("shunt.health.status", readiness, one -> one.runs() ? 1 : 0)
                    .description("Whether this process is well and no stop has begun")
                    .register(meters);
            Gauge.builder(
                            "shunt.ready.status",
                            readiness,
                            one -> one.recentObstacle().isEmpty() ? 1 : 0)
                    .description("Whether this process should get work now")
                    .register(meters);
        };
    }

    private static Answer page(Optional<Readiness.Obstacle> obstacle, String well, String unwell, Roles roles) {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("status", obstacle.isEmpty() ? well : unwell);
        members.put("service", "shunt");
        members.put(
                "roles",
                String.join(",", roles.all().stream().sorted().map(Role::word).toList()));
        obstacle.ifPresent(one -> {
            members.put("reason", one.reason());
            members.put("error", one.error());
        });
        return Answer.json(obstacle.isEmpty() ? 200 : 503, Json.object(members));
    }

    private static Answer metrics(@Nullable PrometheusMeterRegistry registry) {
        return registry == null
                ? Answer.json(404, "{\"status\":\"metrics are switched off\"}")
                : new Answer(200, PROMETHEUS, registry.scrape());
    }
}
