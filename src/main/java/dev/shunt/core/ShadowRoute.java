package dev.shunt.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Carries shadow runs in the manner of one route, apart from that route's live work: nothing of it waits for them. */
public interface ShadowRoute {

    Route route();

    /** Why nothing can be run now; empty if it can. */
    Optional<String> unready();

    /**
     * Runs them at the same time and waits until all have ended or the time is over. What is late is called off; it may
     * write a little longer.
     *
     * @return one end for each run, in order
     */
    List<Ended> run(ShadowWorkload workload, List<Run> runs, Duration within);

    /**
     * One item, processed a second time.
     *
     * @param id of the run
     * @param stamp the primary's with the run's own item key, see {@link ShadowWorkload#runKey}
     * @param message the wire message as the primary got it, without a stamp
     */
    record Run(
            String id,
            Stamp stamp,
            @SuppressWarnings("ArrayRecordComponent") byte[] message) {}

    /** How a run ended. */
    sealed interface Ended {

        /** Its effects are committed, all steps included. */
        record Done() implements Ended {}

        /** The route says that this item can never be stored. */
        record Rejected(String reason) implements Ended {}

        /** Not within its time. */
        record Late() implements Ended {}

        /** It could not be run, which says nothing about the item. */
        record Failed(String why) implements Ended {}
    }
}
