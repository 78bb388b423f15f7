package dev.shunt.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/**
 * One recorded request made anew: own ids, times of now, the recorded contents.
 *
 * @param phase the step it is sent in
 * @param way how it is sent
 * @param id its trace id
 * @param request the body of {@code POST /v1/traces}
 * @param receivedAt what the old ingest writes as the trace's time
 */
public record DemoTrace(Phase phase, Way way, String id, ObjectNode request, Instant receivedAt) {

    /** Ways to send a trace. */
    public enum Way {
        /** {@code POST /v1/traces}. */
        HTTP,
        /** {@code LPUSH cognobserve:traces}, as the old Go ingest did. */
        LIST
    }

    /** The same bytes each time: a repeat is the same item. */
    public byte[] httpBody() {
        return request.toString().getBytes(UTF_8);
    }

    /** The message of the old Go ingest; the same bytes each time. */
    public byte[] queueMessage(String project) {
        return GoMessage.of(project, request, receivedAt).getBytes(UTF_8);
    }
}
