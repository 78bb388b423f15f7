package dev.shunt.temporal;

import org.jspecify.annotations.Nullable;

/**
 * What this instance knows about Temporal at one moment. Reading it asks nobody.
 *
 * @param address where the frontend is
 * @param namespace namespace of all workflows
 * @param inMemory whether it is the in-memory server: capped, forgets everything at exit
 * @param connected whether the workers run and the last health check was answered
 * @param workersStarted whether the workers were ever started since this instance is up
 * @param breaker CLOSED (starts are tried), OPEN (items go to legacy at once) or HALF_OPEN (a few starts are tried)
 * @param started workflows that this instance started
 * @param inFlight workflows that this instance started and that have not closed here
 * @param exhausted whether the cap on starts of the in-memory server is reached: everything goes to legacy
 * @param fault why it is not connected; null if it is
 */
public record TemporalState(
        String address,
        String namespace,
        boolean inMemory,
        boolean connected,
        boolean workersStarted,
        String breaker,
        long started,
        int inFlight,
        boolean exhausted,
        @Nullable String fault) {}
