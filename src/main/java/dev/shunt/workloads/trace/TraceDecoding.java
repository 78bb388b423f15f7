package dev.shunt.workloads.trace;

import dev.shunt.core.Delivery;

/** Decodes what a route delivers. */
final class TraceDecoding {

    private TraceDecoding() {}

    /** The content, or why it never can be stored. */
    sealed interface Content {}

    record Decoded(TraceMessage content) implements Content {}

    record Undecodable(String reason) implements Content {}

    static Content decode(Delivery delivery) {
        return new Undecodable("");
    }
}
