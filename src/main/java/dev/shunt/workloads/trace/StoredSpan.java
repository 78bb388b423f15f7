package dev.shunt.workloads.trace;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One row of the table {@code span}, with what was computed beside what was sent.
 *
 * @param priceState NONE, PENDING, PRICED or UNPRICED
 * @param priceId the price it was computed with
 */
record StoredSpan(
        SpanMessage span,
        String priceState,
        @Nullable Long priceId,
        @Nullable BigDecimal inputCost,
        @Nullable BigDecimal outputCost,
        @Nullable BigDecimal totalCost,
        boolean summarised,
        Instant storedAt) {}
