package dev.shunt.routing;

import dev.shunt.core.Route;
import java.time.Instant;

/**
 * A project or a routing key that stays on one route for a while, whatever the percentage says.
 *
 * @param value a project as clients name it, or a whole routing key
 * @param until from then on it says nothing
 */
public record Pin(Scope scope, String value, Route route, Instant until) {

    /** What is pinned. */
    public enum Scope {
        PROJECT,
        KEY
    }
}
