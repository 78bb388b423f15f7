package dev.shunt.intake;

import dev.shunt.core.RetiredWorkloads;
import dev.shunt.core.Route;
import dev.shunt.core.RouteGateway;
import dev.shunt.core.StandIn;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadDefinition;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Whether an item could be made durable now: in Redis, or in Postgres while Redis is away. Asks for Temporal only for
 * workloads that have no other route any more. Not while items are refused: who is full answers nevertheless.
 */
@Component("doorHealthIndicator")
final class DoorHealthIndicator implements HealthIndicator {

    private final List<Workload> workloads;
    private final List<RouteGateway> gateways;
    private final StandIn standIn;
    private final RetiredWorkloads retired;
    private final RecentRefusals refusals;

    DoorHealthIndicator(
            List<WorkloadDefinition> workloads,
            List<RouteGateway> gateways,
            StandIn standIn,
            RetiredWorkloads retired,
            RecentRefusals refusals) {
        this.workloads = workloads.stream().map(WorkloadDefinition::workload).toList();
        this.gateways = List.copyOf(gateways);
        this.standIn = standIn;
        this.retired = retired;
        this.refusals = refusals;
    }

    @Override
    public Health health() {
        Optional<String> nowhere = refusals.recent();
        if (nowhere.isPresent()) {
            return Health.outOfService()
                    .withDetail(
                            "why",
                            "items were refused in the last " + RecentRefusals.HOLDS.toSeconds() + " s: "
                                    + nowhere.get())
                    .build();
        }
        List<Workload> alone = workloads.stream().filter(retired::isRetired).toList();
        Optional<String> refused = unready(Route.TEMPORAL, alone);
        if (refused.isPresent()) {
            return Health.outOfService()
                    .withDetail(
                            "why", "Temporal takes no items of " + alone + ", and nothing else does: " + refused.get())
                    .build();
        }
        List<Workload> others =
                workloads.stream().filter(workload -> !alone.contains(workload)).toList();
        if (others.isEmpty()) {
            return Health.up().withDetail("accepts", "on Temporal").build();
        }
        Optional<String> redisAway = unready(Route.LEGACY, others);
        if (redisAway.isEmpty()) {
            return Health.up().withDetail("accepts", "in Redis").build();
        }
        try {
            others.forEach(standIn::size);
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

    private Optional<String> unready(Route route, List<Workload> some) {
        return some.stream()
                .flatMap(workload -> gateways.stream()
                        .filter(gateway -> gateway.route() == route)
                        .flatMap(gateway -> gateway.unready(workload).stream()))
                .findFirst();
    }
}
