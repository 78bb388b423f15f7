package dev.shunt.operations;

import dev.shunt.core.Role;
import dev.shunt.core.Roles;
import dev.shunt.operations.ProbeServer.Answer;
import dev.shunt.operations.ProbeServer.Page;
import dev.shunt.operations.Readiness.Obstacle;
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
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** What probes and Prometheus are answered. */
@Configuration(proxyBeanMethods = false)
class ProbeConfiguration {

    /** Spring Boot's name for the bean that migrates the schema before it is there. */
    private static final String MIGRATION = "flywayInitializer";

    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    /** Static: it listens before any configuration class is made. */
    @Bean
    static ProbeServer probeServer(Environment environment) {
        return new ProbeServer(
                Binder.get(environment).bindOrCreate("shunt.probes", ProbeSettings.class),
                environment.getProperty("server.address", InetAddress.class),
                beans -> whileStarting(beans, environment));
    }

    private static List<Page> whileStarting(ConfigurableListableBeanFactory beans, Environment environment) {
        Roles roles = RolesConfiguration.roles(environment.getProperty(RolesConfiguration.KEY, ""));
        return List.of(
                new Page("/health", false, () -> page(Optional.empty(), "healthy", "unhealthy", roles)),
                new Page("/ready", false, () -> page(Optional.of(unfinished(beans)), "ready", "not_ready", roles)),
                new Page("/metrics", true, () -> Answer.json(503, "{\"status\":\"starting\"}")));
    }

    /** Asks for no bean: whoever makes one has the others wait. */
    private static Obstacle unfinished(ConfigurableListableBeanFactory beans) {
        boolean migrated = !beans.containsBeanDefinition(MIGRATION) || beans.containsSingleton(MIGRATION);
        return new Obstacle(
                "starting",
                migrated ? "starting" : "Postgres is away, or its schema is being migrated; the start waits for it");
    }

    @Bean
    SmartInitializingSingleton probePages(
            ProbeServer server, Readiness readiness, Roles roles, ObjectProvider<PrometheusMeterRegistry> registry) {
        return () -> server.onceStarted(List.of(
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

    private static Answer page(Optional<Obstacle> obstacle, String well, String unwell, Roles roles) {
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
