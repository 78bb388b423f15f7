package dev.shunt.routing;

/** What is left of a workload's legacy route, as one version of its flag found it. */
public enum LegacySide {
    /** Everything: each item has its place in Redis. */
    KEPT,
    /** New items go to Temporal alone; older ones may still be in Redis. */
    RETIRED,
    /** Nothing of the workload is in Redis any more. */
    RELEASED
}
