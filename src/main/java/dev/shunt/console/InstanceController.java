package dev.shunt.console;

import dev.shunt.core.InRoles;
import dev.shunt.core.Instance;
import dev.shunt.core.Role;
import dev.shunt.core.Route;
import dev.shunt.core.RouteGateway;
import dev.shunt.core.WorkerSwitch;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** This instance's workers: what they do, and pausing them. The door stays open; a restart forgets it. */
@InRoles
@RestController
@RequestMapping("/api/v1/instance")
class InstanceController {

    private static final Logger log = LoggerFactory.getLogger(InstanceController.class);

    private final Instance instance;
    private final WorkloadCatalog catalog;
    private final List<WorkerSwitch> switches;
    private final List<RouteGateway> gateways;
    private final ReadParameters parameters;

    InstanceController(
            Instance instance,
            WorkloadCatalog catalog,
            ObjectProvider<WorkerSwitch> switches,
            List<RouteGateway> gateways,
            ReadParameters parameters) {
        this.instance = instance;
        this.catalog = catalog;
        this.switches = switches.orderedStream().toList();
        this.gateways = List.copyOf(gateways);
        this.parameters = parameters;
    }

    record View(String instance, List<WorkerView> workers) {}

    /**
     * @param state RUNNING or PAUSED
     * @param problem why the route takes no items now; absent if it does
     */
    record WorkerView(
            String workload,
            Route route,
            String state,
            @Nullable String problem) {}

    @GetMapping
    View show() {
        var workers = new ArrayList<WorkerView>();
        catalog.workloads().stream()
                .sorted(Comparator.comparing(Workload::name))
                .forEach(workload -> switches.forEach(each -> workers.add(view(workload, each))));
        return new View(instance.id(), workers);
    }

    @PostMapping("/consumers/{workload}/pause")
    View pauseConsumers(
            @PathVariable("workload") String name,
            @RequestHeader(name = Actors.HEADER, defaultValue = "unknown") String actor) {
        return set(Route.LEGACY, List.of(parameters.workload(name)), true, actor);
    }

    @PostMapping("/consumers/{workload}/resume")
    View resumeConsumers(
            @PathVariable("workload") String name,
            @RequestHeader(name = Actors.HEADER, defaultValue = "unknown") String actor) {
        return set(Route.LEGACY, List.of(parameters.workload(name)), false, actor);
    }

    /** The workers of all workloads. */
    @PostMapping("/temporal/pause")
    View pauseTemporal(@RequestHeader(name = Actors.HEADER, defaultValue = "unknown") String actor) {
        return set(Route.TEMPORAL, List.copyOf(catalog.workloads()), true, actor);
    }

    @PostMapping("/temporal/resume")
    View resumeTemporal(@RequestHeader(name = Actors.HEADER, defaultValue = "unknown") String actor) {
        return set(Route.TEMPORAL, List.copyOf(catalog.workloads()), false, actor);
    }

    private View set(Route route, List<Workload> workloads, boolean paused, String actor) {
        if (switches.stream().noneMatch(each -> each.route() == route)) {
            throw ApiException.notFound("this instance does no " + route + " work, so there is nothing to "
                    + (paused ? "pause" : "resume") + "; ask one whose shunt.roles has "
                    + (route == Route.LEGACY ? Role.LEGACY_CONSUMER : Role.TEMPORAL_WORKER).word());
        }
        String by = Actors.of(actor).label();
        for (WorkerSwitch each : switches) {
            if (each.route() == route) {
                workloads.forEach(workload -> set(each, workload, paused));
            }
        }
        log.warn("{} work of {} on this instance is {} by {}", route, workloads, paused ? "paused" : "resumed", by);
        return show();
    }

    private static void set(WorkerSwitch worker, Workload workload, boolean paused) {
        if (paused) {
            worker.pause(workload);
        } else {
            worker.resume(workload);
        }
    }

    private WorkerView view(Workload workload, WorkerSwitch worker) {
        Optional<String> problem = gateways.stream()
                .filter(gateway -> gateway.route() == worker.route())
                .flatMap(gateway -> gateway.unready(workload).stream())
                .findFirst();
        String state = worker.isPaused(workload) ? "PAUSED" : "RUNNING";
        return new WorkerView(workload.name(), worker.route(), state, problem.orElse(null));
    }
}
