package dev.shunt.workloads.trace;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One span as it will be stored. {@code input}, {@code output}, {@code metadata} and {@code modelParameters} are JSON text.
 *
 * @param startTime to the microsecond
 * @param clientDigest over what the client sent for this span, without values that were filled in
 */
record SpanMessage(
        String id,
        @Nullable String parentSpanId,
        String name,
        Instant startTime,
        @Nullable Instant endTime,
        @Nullable String input,
        @Nullable String output,
        @Nullable String metadata,
        @Nullable String model,
        @Nullable String modelParameters,
        @Nullable Integer promptTokens,
        @Nullable Integer completionTokens,
        @Nullable Integer totalTokens,
        Level level,
        @Nullable String statusMessage,
        long clientDigest) {

    SpanMessage withClientDigest(long digest) {
        return new SpanMessage(
                id,
                parentSpanId,
                name,
                startTime,
                endTime,
                input,
                output,
                metadata,
                model,
                modelParameters,
                promptTokens,
                completionTokens,
                totalTokens,
                level,
                statusMessage,
                digest);
    }

    /** Stored by name, sent by number; 0 is never sent and reads as DEFAULT. */
    enum Level {
        UNSPECIFIED(0),
        DEBUG(1),
        DEFAULT(2),
        WARNING(3),
        ERROR(4);

        private final int number;

        Level(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }
}
