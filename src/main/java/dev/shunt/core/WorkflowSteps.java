package dev.shunt.core;

/**
 * How much one run of a workload's workflow does at most, from which follows what its history holds at most. Servers end a
 * workflow whose history grows over their limit, whatever it was doing.
 *
 * @param local steps inside a workflow task. Each attempt counts: unlike those of an ordinary step they are written down. One
 *     that is tried without limit has no bound, which is {@link Integer#MAX_VALUE}
 * @param ordinary steps as activities of their own. Attempts do not count: the server writes down the last one only
 * @param carrying how many of the ordinary ones are handed the workflow's argument, which is then written once more
 */
public record WorkflowSteps(int local, int ordinary, int carrying) {

    /** Of a run: its start and its end. */
    private static final long OF_RUN = 2;

    /** Of a workflow task, or of an ordinary step: scheduled, begun, ended. */
    private static final long OF_TASK = 3;

    /** A task that a worker took along when it died, and a cancel, are written down besides. */
    private static final long SPARE = 2;

    /** Of an event without its payload: names, times, ids of up to a kilobyte, whose it was. */
    private static final long EVENT_BYTES = 2_000;

    /** Of a result or a failure; causes with their stack traces had 19 KB at most. */
    private static final long OUTCOME_BYTES = 32_000;

    public WorkflowSteps {
        if (local < 0 || ordinary < 0 || carrying < 0 || carrying > ordinary) {
            throw new IllegalArgumentException("steps of a workflow must be 0 or more, and not more may carry its"
                    + " argument than there are ordinary ones, was " + local + " local, " + ordinary + " ordinary, "
                    + carrying + " carrying");
        }
    }

    /** The most events that a run's history can hold. */
    public long events() {
        return SPARE * (OF_RUN + OF_TASK + steps() * 2 * OF_TASK);
    }

    /**
     * About the most bytes that a run's history can hold.
     *
     * @param argument bytes of the workflow's argument
     */
    public long bytes(long argument) {
        return argument * (1L + carrying) + events() * EVENT_BYTES + (1 + steps()) * OUTCOME_BYTES;
    }

    private long steps() {
        return (long) local + ordinary;
    }
}
