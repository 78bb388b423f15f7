package dev.shunt.intake;

import dev.shunt.core.Route;
import dev.shunt.core.RouteGateway;
import dev.shunt.core.StandIn;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.WorkloadDefinition;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Whether an item could be made durable now: in Redis, or in Postgres while Redis is away. Does not ask for Temporal. */
@Component("doorHealthIndicator")
final class DoorHealthIndicator implements HealthIndicator {

    private final List<WorkloadDefinition> workloads;
    private final List<RouteGateway> gateways;
    private final StandIn standIn;

    DoorHealthIndicator(List<WorkloadDefinition> workloads, List<RouteGateway> gateways, StandIn standIn) {
        this.workloads = List.copyOf(workloads);
        this.gateways = gateways.stream()
                .filter(gateway -> gateway.route() == Route.LEGACY)
                .toList();
        this.standIn = standIn;
    }

    @Override
    public Health health() {
        Optional<String> redisAway = workloads.stream()
                .flatMap(
                        workload -> gateways.stream().flatMap(gateway -> gateway.unready(workload.workload()).stream()))
                .findFirst();
        if (redisAway.isEmpty()) {
            return Health.up().withDetail("accepts", "in Redis").build();
        }
        try {
            workloads.forEach(workload -> standIn.size(workload.workload()));
            return Health.up()
                    .withDetail("accepts", "in Postgres, until Redis is back")
                    .withDetail("why", redisAway.get())
                    .build();
        } catch (UnavailableException alsoAway) {
            return Health.outOfService()
                    .withDetail("why", redisAway.get() + "; " + alsoAway.getMessage())
                    .build();
        }
    }
}
