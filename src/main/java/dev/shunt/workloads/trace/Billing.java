package dev.shunt.workloads.trace;

import org.jspecify.annotations.Nullable;

/**
 * Under which names a span is priced and summarised. A span counts if it has a model that is not blank and a token count
 * that is not zero; all names are null if it does not.
 */
record Billing(
        @Nullable String provider,
        @Nullable String priceModel,
        @Nullable String summaryModel) {

    private static final Billing NOTHING = new Billing(null, null, null);

    static Billing of(SpanMessage span) {
        boolean tokens = counts(span.promptTokens()) || counts(span.completionTokens()) || counts(span.totalTokens());
        if (span.model() == null || ModelNames.summaryName(span.model()).isEmpty() || !tokens) {
            return NOTHING;
        }
        return of(span.model());
    }

    static Billing of(String model) {
        String normalised = ModelNames.normalised(model);
        return new Billing(ModelNames.provider(normalised), normalised, ModelNames.summaryName(model));
    }

    private static boolean counts(@Nullable Integer tokens) {
        return tokens != null && tokens != 0;
    }
}
