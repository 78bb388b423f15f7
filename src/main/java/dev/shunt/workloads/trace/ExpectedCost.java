package dev.shunt.workloads.trace;

import java.math.BigDecimal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a span must cost, computed in Java from what is stored of the client's input. Exact: nothing is rounded.
 *
 * @param state NONE, PRICED or UNPRICED
 */
record ExpectedCost(
        String state,
        @Nullable BigDecimal input,
        @Nullable BigDecimal output,
        @Nullable BigDecimal total) {

    private static final ExpectedCost NONE = new ExpectedCost("NONE", null, null, null);
    private static final ExpectedCost UNPRICED = new ExpectedCost("UNPRICED", null, null, null);

    static ExpectedCost of(StoredSpan stored, PricesInForce prices) {
        SpanMessage span = stored.span();
        if (!isBilled(span.model(), span.promptTokens(), span.completionTokens(), span.totalTokens())) {
            return NONE;
        }
        int prompt = orZero(span.promptTokens());
        int completion = orZero(span.completionTokens());
        Optional<PricesInForce.Price> price = prices.of(stored);
        // only a total: how it splits into the two prices is not known
        boolean split = prompt != 0 || completion != 0;
        if (!split || price.isEmpty()) {
            return UNPRICED;
        }
        BigDecimal input = cost(prompt, price.get().inputPerMillion());
        BigDecimal output = cost(completion, price.get().outputPerMillion());
        return new ExpectedCost("PRICED", input, output, input.add(output));
    }

    /** Whether nothing differs in what is stored, {@code summarised} included. 0.10 and 0.1 are equal. */
    boolean isThatOf(StoredSpan stored) {
        return stored.summarised()
                && state.equals(stored.priceState())
                && equal(input, stored.inputCost())
                && equal(output, stored.outputCost())
                && equal(total, stored.totalCost());
    }

    private static boolean equal(@Nullable BigDecimal one, @Nullable BigDecimal other) {
        return (one == null || other == null) ? (one == null && other == null) : one.compareTo(other) == 0;
    }

    /** Whether a span belongs into the summary: it has a model and a token count that is not zero. */
    static boolean isBilled(
            @Nullable String model, @Nullable Integer prompt, @Nullable Integer completion, @Nullable Integer total) {
        boolean tokens = orZero(prompt) != 0 || orZero(completion) != 0 || orZero(total) != 0;
        return tokens && model != null && ModelNames.isNamed(model);
    }

    private static int orZero(@Nullable Integer tokens) {
        return tokens == null ? 0 : tokens;
    }

    private static BigDecimal cost(int tokens, BigDecimal perMillion) {
        return perMillion.multiply(BigDecimal.valueOf(tokens)).movePointLeft(6);
    }
}
