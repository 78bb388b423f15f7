package dev.shunt.legacy;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who works off what is decided for the legacy route.
 *
 * @param consumer {@code internal}: Shunt's own consumers; {@code external}: a worker outside Shunt, which consumes
 *     {@code queue} while Shunt's consumers take from the workload's queue, decide, and forward
 * @param queue Redis list that the outside worker consumes; required with {@code external}. Must not be the workload's queue
 *     or a dead-letter list
 * @param deadLetterList Redis list where the outside worker puts what it gives up; the workload's own if not set
 * @param workload the workload whose legacy side is outside; all others stay with Shunt's consumers
 * @param foreignConsumers what to do about clients that are not Shunt's and take from a workload's queue, or might: refuse
 *     the start and every raise of a percentage, or warn; for a Redis that allows no MONITOR
 */
@ConfigurationProperties("shunt.legacy")
record OldWorkerSettings(
        @DefaultValue("internal") Consumer consumer,
        @DefaultValue("") String queue,
        @DefaultValue("") String deadLetterList,
        @DefaultValue("trace") String workload,
        @DefaultValue("refuse") Foreign foreignConsumers) {

    /** Whose work it is. */
    enum Consumer {
        INTERNAL,
        EXTERNAL
    }

    /** What becomes of a start beside another consumer. */
    enum Foreign {
        REFUSE,
        WARN
    }

    OldWorkerSettings {
        if (consumer == Consumer.EXTERNAL && queue.isBlank()) {
            throw new IllegalArgumentException("shunt.legacy.queue must name the list that the outside worker consumes"
                    + " when shunt.legacy.consumer is external, was '" + queue + "'");
        }
        if (workload.isBlank()) {
            throw new IllegalArgumentException("shunt.legacy.workload must name a workload, was ''");
        }
    }

    boolean isExternal() {
        return consumer == Consumer.EXTERNAL;
    }
}
