package dev.shunt.console;

import dev.shunt.console.RolloutView.Changed;
import dev.shunt.core.Route;
import dev.shunt.core.Workload;
import dev.shunt.rollout.PinBook;
import dev.shunt.rollout.PinBook.Pinned;
import dev.shunt.rollout.RolloutOrder;
import dev.shunt.routing.Pin;
import dev.shunt.routing.Pin.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows and changes who stays on one route whatever the percentage says. */
@RestController
@RequestMapping("/api/v1/rollouts/{workload}")
class PinController {

    private static final int LONGEST_VALUE = 512;

    private final PinBook pins;
    private final RolloutOrders orders;
    private final ReadParameters parameters;

    PinController(PinBook pins, RolloutOrders orders, ReadParameters parameters) {
        this.pins = pins;
        this.orders = orders;
        this.parameters = parameters;
    }

    /** @param project or {@code key}: one of them is there */
    record PinView(
            @Nullable String project,
            @Nullable String key,
            Route route,
            Instant until,
            String reason,
            String pinnedBy,
            boolean verified,
            Instant pinnedAt) {

        static PinView of(Pinned pinned) {
            Pin pin = pinned.pin();
            return new PinView(
                    pin.scope() == Scope.PROJECT ? pin.value() : null,
                    pin.scope() == Scope.KEY ? pin.value() : null,
                    pin.route(),
                    pin.until(),
                    pinned.reason(),
                    pinned.by().label(),
                    pinned.by().verified(),
                    pinned.at());
        }
    }

    @GetMapping("/pins")
    List<PinView> list(@PathVariable("workload") String name) {
        return pins.list(parameters.workload(name)).stream().map(PinView::of).toList();
    }

    /** With {@code route} and {@code until} it pins, with {@code release: true} it takes the pin back. */
    @PostMapping("/pin")
    ResponseEntity<Changed> pin(
            @PathVariable("workload") String name,
            @RequestHeader(name = Actors.HEADER, defaultValue = "unknown") String actor,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody Map<String, @Nullable Object> body) {
        Workload workload = parameters.workload(name);
        var request = new RolloutRequest(body, Set.of("project", "key", "route", "until", "release", "reason"));
        String project = request.textOrNull("project");
        String key = request.textOrNull("key");
        if ((project == null) == (key == null)) {
            throw ApiException.badRequest("project or key must say what is pinned, one of them");
        }
        Scope scope = project == null ? Scope.KEY : Scope.PROJECT;
        String value = project == null ? String.valueOf(key) : project;
        if (value.length() > LONGEST_VALUE) {
            throw ApiException.badRequest((project == null ? "key" : "project") + " must have 1.." + LONGEST_VALUE
                    + " characters, had " + value.length());
        }
        if (request.flag("release")) {
            RolloutOrder order = orders.order(workload, actor, ifMatch, request);
            return orders.answer(order, pins.release(order, scope, value));
        }
        Route route = ReadParameters.required("route", Route.class, request.text("route"));
        Instant until = ReadParameters.instant("until", request.text("until"), Instant.EPOCH);
        RolloutOrder order = orders.order(workload, actor, ifMatch, request);
        return orders.answer(order, pins.pin(order, new Pin(scope, value, route, until)));
    }
}
