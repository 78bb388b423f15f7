package dev.shunt.intake;

import dev.shunt.core.Reason;
import dev.shunt.core.Route;
import dev.shunt.core.RouteGateway.Dispatch;
import dev.shunt.core.WayIn;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Counts what the door answered. Every series that can be expected is there from the start, so that a rate never misses one. */
@Component
final class RoutedCounts {

    /** Why an item may run on Temporal; all other reasons mean legacy. */
    private static final Set<Reason> ON_TEMPORAL = EnumSet.of(Reason.FLAG, Reason.PINNED, Reason.REPLAY);

    private static final String NONE = "NONE";

    private final MeterRegistry meters;

    RoutedCounts(MeterRegistry meters, WorkloadCatalog catalog) {
        this.meters = meters;
        catalog.workloads().forEach(this::expect);
    }

    private void expect(Workload workload) {
        for (Route route : Route.values()) {
            of(workload, WayIn.HTTP, "duplicate", route.name(), NONE);
        }
        of(workload, WayIn.HTTP, "refused", NONE, NONE);
        EnumSet<Reason> onLegacy = EnumSet.complementOf(EnumSet.of(Reason.PROBE, Reason.RECALL));
        onLegacy.forEach(reason -> of(workload, WayIn.HTTP, "accepted", Route.LEGACY.name(), reason.name()));
        ON_TEMPORAL.forEach(reason -> of(workload, WayIn.HTTP, "accepted", Route.TEMPORAL.name(), reason.name()));
    }

    void count(Workload workload, WayIn wayIn, Dispatch dispatch) {
        List<String> labels = switch (dispatch) {
            case Dispatch.Accepted accepted ->
                List.of(
                        "accepted",
                        accepted.decision().executed().name(),
                        accepted.decision().reason().name());
            case Dispatch.Duplicate duplicate ->
                List.of("duplicate", duplicate.route().name(), NONE);
            case Dispatch.Refused refused -> List.of("refused", NONE, NONE);
        };
        of(workload, wayIn, labels.get(0), labels.get(1), labels.get(2)).increment();
    }

    private Counter of(Workload workload, WayIn wayIn, String outcome, String route, String reason) {
        return Counter.builder("shunt.routed")
                .description("Acceptances by the door and the tap")
                .tag("workload", workload.name())
                .tag("way_in", wayIn.name())
                .tag("outcome", outcome)
                .tag("route", route)
                .tag("reason", reason)
                .register(meters);
    }
}
