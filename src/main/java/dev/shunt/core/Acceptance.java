package dev.shunt.core;

import org.jspecify.annotations.Nullable;

/** What the tap asks about a message that an existing producer pushed: what is it, and which route does it take? */
public interface Acceptance {

    /** Decodes and decides; touches no store. */
    Ruling rule(Workload workload, byte[] message);

    /** The answer. */
    sealed interface Ruling {
        /**
         * @param decoded see {@link Delivery#decoded()}
         */
        record Routed(
                Item item, RouteDecision decision, @Nullable Object decoded) implements Ruling {}

        /**
         * Nobody could process it; it goes to the dead letters as it is.
         *
         * @param reason names the field
         */
        record Undecodable(String reason) implements Ruling {}
    }
}
