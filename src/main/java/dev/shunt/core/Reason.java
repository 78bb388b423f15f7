package dev.shunt.core;

/** Why an item runs where it runs. Every reason but {@link #FLAG}, {@link #REPLAY} and {@link #PROBE} means: not where the flag
 * alone would have sent it. */
public enum Reason {
    /** The flag decided: bucket against percentage. */
    FLAG,
    /** The Temporal start failed, was too late, or its circuit breaker is open. */
    FALLBACK,
    /** A rollback overtook the decision: its epoch is older than the fence. */
    FENCED,
    /** A ceiling (starts per second, in flight, starter queue) was reached. */
    CAPPED,
    /** The flag could not be read for longer than its lease, or never since the start. */
    LEASE,
    /** This instance is held on legacy by {@code USE_TEMPORAL_WORKFLOWS=false}. */
    HELD,
    /** Taken back from Temporal by an operator or a rollback. */
    RECALL,
    /** Accepted in Postgres while Redis was away, then merged into the legacy list. */
    STANDBY,
    /** A person pinned its project or routing key to a route for a while; kept whatever happens to the item later, so that
     * cohorts and gates leave it out. */
    PINNED,
    /** Sent again from the dead letters, where the flag of that moment sent it; kept if it goes to legacy after all, so that
     * gates and latencies leave it out. */
    REPLAY,
    /** A made-up item of a probe, sent over one route whatever the flag says. Never in a ledger, book or cohort. */
    PROBE;

    /** Whether a person decided about this very item, so that it says nothing about the share or about a route. */
    public boolean isByPeople() {
        return this == PINNED || this == REPLAY;
    }
}
