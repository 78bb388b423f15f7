package dev.shunt.core;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a workload's HTTP requests become items and how they are answered. */
public interface DoorCodec {

    /** The path that takes POSTs, for example {@code /v1/traces}. */
    String path();

    /**
     * Validates a request and turns it into an item.
     *
     * @param project the authenticated tenant
     * @param headers request headers, names in lower case
     * @param body at most the door's body limit
     * @param now the acceptance time
     */
    Reading read(String project, Map<String, String> headers, byte[] body, Instant now);

    sealed interface Reading {
        record Read(Item item, Reply reply) implements Reading {}

        /**
         * The client's fault.
         *
         * @param status 400 or 413
         * @param message plain text that names the field
         */
        record Refused(int status, String message) implements Reading {}
    }

    /** Writes the 202 answer of one request: the same bytes for the same item, however often it is sent. */
    interface Reply {
        byte[] accepted(Route route, @Nullable String workflowId);
    }
}
