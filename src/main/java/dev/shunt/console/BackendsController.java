package dev.shunt.console;

import dev.shunt.core.InRoles;
import dev.shunt.core.Route;
import dev.shunt.core.RouteGateway;
import dev.shunt.core.WorkloadCatalog;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.core.env.Environment;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What this instance runs on: in words, and the addresses without their passwords. */
@InRoles
@RestController
final class BackendsController {

    private static final String EXTERNAL = "external";
    private final Environment environment;
    private final List<RouteGateway> gateways;
    private final WorkloadCatalog catalog;

    BackendsController(Environment environment, List<RouteGateway> gateways, WorkloadCatalog catalog) {
        this.environment = environment;
        this.catalog = catalog;
        this.gateways = List.copyOf(gateways);
    }

    /**
     * @param temporalUi empty if the server has none that Shunt knows of
     * @param routes for each route {@code ready}, or why it takes no items now
     * @param temporalInMemory whether Temporal forgets everything when this process stops
     */
    record Backends(
            String postgres,
            String redis,
            String temporal,
            String jdbcUrl,
            String redisUrl,
            String temporalAddress,
            String temporalUi,
            boolean temporalInMemory,
            Map<Route, String> routes) {}

    @GetMapping("/api/v1/backends")
    Backends backends() {
        return new Backends(
                setting("shunt.backends.postgres", EXTERNAL),
                setting("shunt.backends.redis", EXTERNAL),
                setting("shunt.backends.temporal", EXTERNAL),
                withoutPassword(setting("spring.datasource.url", "")),
                withoutPassword(setting("shunt.redis.url", "")),
                setting("shunt.temporal.address", ""),
                setting("shunt.temporal.ui", ""),
                environment.getProperty("shunt.temporal.in-memory", Boolean.class, false),
                gateways.stream().collect(Collectors.toMap(RouteGateway::route, this::readiness)));
    }

    private String readiness(RouteGateway gateway) {
        return catalog.workloads().stream()
                .flatMap(workload -> gateway.unready(workload).stream())
                .findFirst()
                .orElse("ready");
    }

    private String setting(String key, String otherwise) {
        return environment.getProperty(key, otherwise);
    }

    /** Cuts {@code user:password@} and {@code password=...}. */
    static String withoutPassword(String address) {
        return address.replaceAll("//[^/@]*@", "//").replaceAll("(?i)([?&])password=[^&]*&?", "$1");
    }
}
