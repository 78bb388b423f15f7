package dev.shunt.core;

/** How an item came to Shunt. Latencies are compared within one way in only: their clocks start at different places. */
public enum WayIn {
    /** Posted to the HTTP door; accepted when the answer is given. */
    HTTP,
    /** Pushed to the Redis list by an existing producer; accepted when the tap has decided its route. */
    TAP
}
