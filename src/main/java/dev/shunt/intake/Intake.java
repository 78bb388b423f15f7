package dev.shunt.intake;

import dev.shunt.core.Item;
import dev.shunt.core.ItemMark;
import dev.shunt.core.RetiredWorkloads;
import dev.shunt.core.Route;
import dev.shunt.core.RouteDecider;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.RouteGateway;
import dev.shunt.core.RouteGateway.Dispatch;
import dev.shunt.core.RouteGateway.Dispatch.Refused.Cause;
import dev.shunt.core.Trail;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
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
    private final RecentRefusals refusals;
    private final Trail trail;

    Intake(
            RouteDecider decider,
            List<RouteGateway> gateways,
            RedisAbsence redisAbsence,
            RetiredWorkloads retired,
            RoutedCounts counts,
            RecentRefusals refusals,
            ObjectProvider<Trail> trail) {
        this.trail = trail.getIfAvailable(() -> Trail.NONE);
        this.retired = retired;
        this.decider = decider;
        this.redisAbsence = redisAbsence;
        this.counts = counts;
        this.refusals = refusals;
        this.legacy = gatewayTo(Route.LEGACY, gateways);
        this.temporal = gatewayTo(Route.TEMPORAL, gateways);
    }

    Dispatch accept(Item item) {
        Dispatch dispatch = dispatch("shunt accept", item, decider.decide(item.workload(), item.routingKey()));
        if (dispatch instanceof Dispatch.Refused refused) {
            if (refused.cause() == Cause.BACKEND) {
                refusals.refused(refused.why().replace(item.key().value(), "an item")); // a probe shows it to anybody
            }
        } else {
            refusals.taken();
        }
        return dispatch;
    }

    /**
     * Accepts an item that was a dead letter: the flag of this moment decides, not the one of its first life. Readiness is
     * about new items; this one waits.
     */
    Dispatch replay(Item item) {
        return dispatch(
                "shunt replay",
                item,
                decider.decide(item.workload(), item.routingKey()).asReplay());
    }

    /** The item belongs to this step from here on, wherever it goes and whoever hands it on. */
    private Dispatch dispatch(String step, Item item, RouteDecision decision) {
        try (Trail.Step accepting = trail.begin(step, item.lineage());
                ItemMark mark = ItemMark.of(item.workload(), item.key(), decision, accepting.lineage())) {
            Dispatch dispatch = durable(item.under(accepting.lineage()), decision);
            counts.count(item.workload(), item.wayIn(), dispatch);
            tell(accepting, item, decision, dispatch);
            return dispatch;
        }
    }

    private static void tell(Trail.Step step, Item item, RouteDecision decision, Dispatch dispatch) {
        switch (dispatch) {
            case Dispatch.Accepted accepted ->
                step.of(item.workload(), item.key(), accepted.decision()).with("shunt.outcome", "ACCEPTED");
            case Dispatch.Duplicate duplicate ->
                step.of(item.workload(), item.key(), decision).with("shunt.outcome", "DUPLICATE");
            case Dispatch.Refused refused ->
                step.of(item.workload(), item.key(), decision).with("shunt.outcome", "REFUSED");
        }
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
