package dev.shunt.intake;

import dev.shunt.core.Item;
import dev.shunt.core.Reason;
import dev.shunt.core.Route;
import dev.shunt.core.RouteDecider;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.RouteGateway;
import dev.shunt.core.RouteGateway.Dispatch;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Accepts one item: decide, dispatch, count. */
@Component
final class Intake {

    private final RouteDecider decider;
    private final Map<Route, RouteGateway> gateways = new EnumMap<>(Route.class);
    private final MeterRegistry meters;

    Intake(RouteDecider decider, List<RouteGateway> gateways, MeterRegistry meters) {
        this.decider = decider;
        this.meters = meters;
        gateways.forEach(gateway -> this.gateways.put(gateway.route(), gateway));
        if (!this.gateways.containsKey(Route.LEGACY)) {
            throw new IllegalStateException("there is no gateway to the legacy route; Shunt cannot accept anything");
        }
    }

    Dispatch accept(Item item) {
        RouteDecision decision = decider.decide(item.workload(), item.routingKey());
        if (!gateways.containsKey(decision.executed())) {
            decision = decision.divertedToLegacy(Reason.FALLBACK);
        }
        Dispatch dispatch = gateways.get(decision.executed()).dispatch(item, decision);
        count(item, dispatch);
        return dispatch;
    }

    private void count(Item item, Dispatch dispatch) {
        switch (dispatch) {
            case Dispatch.Accepted(RouteDecision carriedOut, var workflow) ->
                count(item, "accepted", carriedOut.executed().name(), carriedOut.reason().name());
            case Dispatch.Duplicate(Route route, var workflow) -> count(item, "duplicate", route.name(), "NONE");
            case Dispatch.Refused(String why, Duration later) -> count(item, "refused", "NONE", "UNAVAILABLE");
        }
    }

    private void count(Item item, String outcome, String route, String reason) {
        meters.counter(
                        "shunt.routed",
                        "workload",
                        item.workload().name(),
                        "outcome",
                        outcome,
                        "route",
                        route,
                        "reason",
                        reason)
                .increment();
    }
}
