package dev.shunt.temporal;

/** The state of the Temporal route, for health and people. */
public interface TemporalMonitor {

    TemporalState state();
}
