package dev.shunt.routing;

import dev.shunt.core.Percentage;
import java.util.Map;
import java.util.regex.Pattern;
import org.ff4j.core.FeatureStore;
import org.ff4j.core.FlippingExecutionContext;
import org.ff4j.core.FlippingStrategy;
import org.jspecify.annotations.Nullable;

/**
 * FF4j strategy that sends a fixed share of buckets to Temporal: the same key gets the same answer at the same
 * percentage, and raising the percentage only ever adds keys. Stored as {@code bp=1234} (12.34 %).
 *
 * <p>It never throws: FF4j reads whole stores at once, and one bad parameter must not take every flag down. What cannot
 * be understood is 0.
 */
public final class StickyBasisPoints implements FlippingStrategy {

    private static final long serialVersionUID = 1L;

    static final String PARAMETER = "bp";
    private static final Pattern NUMBER = Pattern.compile("10000|[0-9]{1,4}");

    private int basisPoints;

    /** For FF4j, which creates strategies by class name and calls {@link #init}. */
    public StickyBasisPoints() {}

    public StickyBasisPoints(Percentage percentage) {
        this.basisPoints = percentage.basisPoints();
    }

    @Override
    public void init(@Nullable String featureName, @Nullable Map<String, String> parameters) {
        basisPoints = parameters == null ? 0 : parse(parameters.get(PARAMETER));
    }

    @Override
    public Map<String, String> getInitParams() {
        return Map.of(PARAMETER, Integer.toString(basisPoints));
    }

    /** Whether the bucket in the context goes to Temporal; false without one: an unknown key stays on legacy. */
    @Override
    public boolean evaluate(
            String featureName, @Nullable FeatureStore store, @Nullable FlippingExecutionContext context) {
        return context instanceof BucketContext key && key.bucket() < basisPoints;
    }

    private static int parse(@Nullable String text) {
        return text != null && NUMBER.matcher(text).matches() ? Integer.parseInt(text) : 0;
    }
}
