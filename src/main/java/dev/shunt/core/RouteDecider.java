package dev.shunt.core;

/** Decides routes from the snapshot of the flag that this instance holds now. Never blocks, never throws. */
public interface RouteDecider {

    /** The route of a key at this moment; legacy whenever the flag cannot be trusted. */
    RouteDecision decide(Workload workload, String routingKey);
}
