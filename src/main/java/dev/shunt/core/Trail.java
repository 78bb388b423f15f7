package dev.shunt.core;

import java.time.Duration;

/**
 * The trail that items leave for whoever traces Shunt. Nothing is decided by it, no payload is told to it, and a fault of
 * it never reaches the work.
 */
public interface Trail {

    /** Nobody traces: costs nothing, and keeps what an item belongs to as it is. */
    Trail NONE = (name, parent, ago) -> new Untold(parent);

    /**
     * Begins a step.
     *
     * @param name bounded; what varies is an attribute
     * @param parent what it belongs to; {@link Lineage#NONE}: to what this thread does, or else to nothing
     * @param ago how long ago it began; not negative
     */
    Step begin(String name, Lineage parent, Duration ago);

    /** Begins a step now. */
    default Step begin(String name, Lineage parent) {
        return begin(name, parent, Duration.ZERO);
    }

    /** One step on an item's way. It may end on another thread than it began. */
    interface Step extends AutoCloseable {

        /** What belongs to this step. */
        Lineage lineage();

        /** Keys, numbers and words of Shunt's own; never what a client sent in its message. */
        Step with(String attribute, String value);

        /** That it failed; of the fault only its type is told, because a message may quote the input. */
        void failed(Throwable fault);

        /** Ends it. */
        @Override
        void close();

        /** What is always said about an item. */
        default Step of(Workload workload, ItemKey key, RouteDecision decision) {
            return with("shunt.workload", workload.name())
                    .with("shunt.item", key.value())
                    .with("shunt.route", decision.executed().name())
                    .with("shunt.reason", decision.reason().name())
                    .with("shunt.epoch", Long.toString(decision.epoch().value()));
        }
    }

    /** A step that nobody is told of. */
    record Untold(Lineage lineage) implements Step {

        @Override
        public Step with(String attribute, String value) {
            return this;
        }

        @Override
        public Step of(Workload workload, ItemKey key, RouteDecision decision) {
            return this;
        }

        @Override
        public void failed(Throwable fault) {}

        @Override
        public void close() {}
    }
}
