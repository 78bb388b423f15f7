package dev.shunt.intake;

import dev.shunt.core.Item;
import dev.shunt.core.RetiredWorkloads;
import dev.shunt.core.Route;
import dev.shunt.core.RouteDecider;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.RouteGateway;
import dev.shunt.core.RouteGateway.Dispatch;
import java.time.Duration;
import java.util.List;
import org.springframework.stereotype.Component;

/** Accepts one item: decide, dispatch, count; without Redis, into Postgres; of a retired workload, onto Temporal alone. */
@Component
final class Intake {

    private static final Dispatch.Refused A_MOMENT_AGO =
            new Dispatch.Refused("Redis was away a moment ago", Duration.ofSeconds(1));

    private final RouteDecider decider;
    private final RouteGateway legacy;
    private final RouteGateway temporal;
    private final RedisAbsence redisAbsence;
    private final RetiredWorkloads retired;
    private final RoutedCounts counts;

    Intake(
            RouteDecider decider,
            List<RouteGateway> gateways,
            RedisAbsence redisAbsence,
            RetiredWorkloads retired,
            RoutedCounts counts) {
        this.retired = retired;
        this.decider = decider;
        this.redisAbsence = redisAbsence;
        this.counts = counts;
        this.legacy = gatewayTo(Route.LEGACY, gateways);
        this.temporal = gatewayTo(Route.TEMPORAL, gateways);
    }

    Dispatch accept(Item item) {
        return dispatch(item, decider.decide(item.workload(), item.routingKey()));
    }

    /** Accepts an item that was a dead letter: the flag of this moment decides, not the one of its first life. */
    Dispatch replay(Item item) {
        return dispatch(item, decider.decide(item.workload(), item.routingKey()).asReplay());
    }

    private Dispatch dispatch(Item item, RouteDecision decision) {
        Dispatch dispatch = durable(item, decision);
        counts.count(item.workload(), item.wayIn(), dispatch);
        return dispatch;
    }

    private Dispatch durable(Item item, RouteDecision decision) {
        if (decision.executed() == Route.TEMPORAL && retired.isRetired(item.workload())) {
            return temporal.dispatchAlone(item, decision);
        }
        if (redisAbsence.isFresh()) {
            return redisAbsence.instead(item, decision, A_MOMENT_AGO);
        }
        RouteGateway gateway = decision.executed() == Route.TEMPORAL ? temporal : legacy;
        Dispatch dispatch = gateway.dispatch(item, decision);
        if (dispatch instanceof Dispatch.Refused refused) {
            redisAbsence.noticed(refused.why());
            return redisAbsence.instead(item, decision, refused);
        }
        redisAbsence.ended();
        return dispatch instanceof Dispatch.Duplicate duplicate ? named(item, duplicate) : dispatch;
    }

    /** Whichever route met the item again: its answer is the one that its first acceptance got. */
    private Dispatch named(Item item, Dispatch.Duplicate duplicate) {
        return duplicate.route() == Route.TEMPORAL && duplicate.workflowId() == null
                ? new Dispatch.Duplicate(Route.TEMPORAL, temporal.workflowId(item.workload(), item.key()))
                : duplicate;
    }

    private static RouteGateway gatewayTo(Route route, List<RouteGateway> gateways) {
        return gateways.stream()
                .filter(gateway -> gateway.route() == route)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no gateway to the route " + route));
    }
}
