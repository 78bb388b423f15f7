package dev.shunt.workloads.trace;

import dev.shunt.core.Delivery;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Decodes a queue message without its stamp into what will be stored. Takes what the old worker stored and leaves to the
 * dead letters what it could not, see docs/wire-formats.md.
 */
final class TraceDecoding {

    private TraceDecoding() {}

    /** The content, or why it never can be stored. */
    sealed interface Content {}

    record Decoded(TraceMessage content) implements Content {}

    /** @param reason names the field */
    record Undecodable(String reason) implements Content {}

    static Content decode(Delivery delivery) {
        return decode(
                delivery.message(),
                delivery.stamp().acceptedAt(),
                delivery.stamp().evidence());
    }

    /**
     * @param message a queue message without a stamp
     * @param acceptedAt stands in for a trace time that is absent or senseless
     * @param evidence what was recorded at acceptance: tells which values the client did not send; may be empty
     */
    static Content decode(byte[] message, Instant acceptedAt, String evidence) {
        try {
            Json.Obj root = RawMessage.parse(message);
            return new Decoded(new RawMessage(root, message, acceptedAt).trace(filled(evidence)));
        } catch (WireFault fault) {
            return new Undecodable(fault.getMessage());
        }
    }

    /** One entry for each span in the order of ids; empty if nothing is known. */
    private static List<Filled> filled(String evidence) {
        Optional<Evidence> known = evidence.isEmpty() ? Optional.empty() : Evidence.parse(evidence);
        return known.map(found -> found.spans().stream()
                        .map(Evidence.SpanEvidence::filled)
                        .toList())
                .orElse(List.of());
    }
}
