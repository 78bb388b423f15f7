package dev.shunt.core;

/** Where an item is processed. */
public enum Route {
    /** The Redis list with its BRPOP-style consumer. */
    LEGACY,
    /** A Temporal workflow. */
    TEMPORAL
}
