package dev.shunt.core;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The way onto one route. The door and the tap know routes only through this. */
public interface RouteGateway {

    Route route();

    /** Why this route could not take an item of this workload right now; empty if it could. For people, and for who waits for a start. */
    Optional<String> unready(Workload workload);

    /**
     * Makes the item durable and hands it to the route. When this answers {@link Dispatch.Accepted} or
     * {@link Dispatch.Duplicate} the item cannot be lost any more.
     *
     * @param decision one whose executed route is {@link #route()}
     */
    Dispatch dispatch(Item item, RouteDecision decision);

    /**
     * The same for a workload whose legacy route is retired: this route alone makes the item durable, and what it cannot
     * take now is refused.
     */
    default Dispatch dispatchAlone(Item item, RouteDecision decision) {
        return dispatch(item, decision);
    }

    /** The workflow that carries an item of this route; null on routes without workflows. Asks nobody. */
    default @Nullable String workflowId(Workload workload, ItemKey key) {
        return null;
    }

    /** What this route knows about an item that it carries or carried. */
    Optional<Description> describe(Workload workload, ItemKey key);

    /**
     * Asks the route to stop working on an item.
     *
     * @return whether something was there to be cancelled
     */
    boolean cancel(Workload workload, ItemKey key, String why);

    /**
     * Sends a signal to a running item.
     *
     * @return whether the item could take it; routes without running items answer false
     */
    boolean signal(Workload workload, ItemKey key, String signal, byte[] json);

    /** The outcome of a dispatch. Expected outcomes are values; exceptions are for faults in Shunt itself. */
    sealed interface Dispatch {

        /**
         * @param decision as carried out: a fallback shows here as executed LEGACY with its reason
         * @param workflowId the workflow that carries the item, if one does
         */
        record Accepted(RouteDecision decision, @Nullable String workflowId) implements Dispatch {}

        /**
         * The same item was accepted before and is not settled yet.
         *
         * @param route where it runs
         * @param workflowId the workflow that carries it, if one does
         */
        record Duplicate(Route route, @Nullable String workflowId) implements Dispatch {}

        /**
         * Not accepted: the caller must try again.
         *
         * @param why for the log and the answer
         * @param retryAfter when it is worth trying again
         * @param cause what a probe may conclude
         */
        record Refused(String why, Duration retryAfter, Cause cause) implements Dispatch {

            /** By a backend. */
            public Refused(String why, Duration retryAfter) {
                this(why, retryAfter, Cause.BACKEND);
            }

            /** What stood in the way. */
            public enum Cause {
                /** A backend is away, full or slow: others may meet the same. */
                BACKEND,
                /** The size of this item, or a ceiling that somebody set: says nothing about the backends. */
                LIMIT
            }
        }
    }

    /**
     * @param status the route's own word for the state, for example RUNNING or COMPLETED
     * @param workflowId null on routes without workflows
     * @param runId null on routes without workflows
     */
    record Description(
            Route route,
            String status,
            @Nullable Instant startedAt,
            @Nullable String workflowId,
            @Nullable String runId) {}
}
