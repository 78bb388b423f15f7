package dev.shunt.temporal;

/** What became of the attempt to start a workflow. */
sealed interface StartOutcome {

    record Started(String workflowId, String runId) implements StartOutcome {}

    /** It runs, or ran to its end, under this id already. */
    record AlreadyStarted(String workflowId) implements StartOutcome {}

    /**
     * Not known to be started. After a deadline it may still have been: both routes may then run the item, and the store
     * lets the first one win.
     */
    record Failed(Cause cause, String detail) implements StartOutcome {}

    /** Kinds of failure, bounded for metrics. */
    enum Cause {
        NOT_CONNECTED,
        BREAKER_OPEN,
        DEADLINE,
        /** Its message, too large for an argument, could not be kept outside in time. */
        CLAIM,
        ERROR
    }
}
