package dev.shunt.routing;

import dev.shunt.core.Route;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The pins of one workload as one version of its flag found them. A key's own pin is stronger than its project's. */
public final class Pins {

    /** At most so many for one workload: every instance holds all of them and every decision may look at them. */
    public static final int MOST = 1_000;

    /** Nobody is pinned. */
    public static final Pins NONE = new Pins(java.util.List.of());

    private final Map<String, Pin> byKey = new HashMap<>();
    private final Map<String, Pin> byProject = new HashMap<>();

    public Pins(Collection<Pin> pins) {
        pins.forEach(pin -> (pin.scope() == Pin.Scope.KEY ? byKey : byProject).put(pin.value(), pin));
    }

    /** How many there are, expired ones included. */
    public int size() {
        return byKey.size() + byProject.size();
    }

    boolean isEmpty() {
        return byKey.isEmpty() && byProject.isEmpty();
    }

    /** The route that a key is pinned to now; null if it is not. */
    @Nullable
    Route route(String routingKey, Instant now) {
        Route own = inForce(byKey.get(routingKey), now);
        return own != null || byProject.isEmpty() ? own : inForce(byProject.get(project(routingKey)), now);
    }

    private static @Nullable Route inForce(@Nullable Pin pin, Instant now) {
        return pin == null || !now.isBefore(pin.until()) ? null : pin.route();
    }

    /** Routing keys begin with their project, escaped as in item keys. */
    private static String project(String routingKey) {
        int colon = routingKey.indexOf(':');
        String part = colon < 0 ? routingKey : routingKey.substring(0, colon);
        return part.indexOf('%') < 0 ? part : part.replace("%3A", ":").replace("%25", "%");
    }
}
