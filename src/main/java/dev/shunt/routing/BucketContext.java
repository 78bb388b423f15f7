package dev.shunt.routing;

import dev.shunt.core.Bucket;
import dev.shunt.core.Percentage;
import java.util.Map;
import java.util.stream.IntStream;
import org.ff4j.core.FlippingExecutionContext;
import org.jspecify.annotations.Nullable;

/** What the strategy is asked about. One immutable context per bucket is made once: a decision allocates none. */
final class BucketContext extends FlippingExecutionContext {

    private static final BucketContext[] ALL =
            IntStream.range(0, Percentage.SCALE).mapToObj(BucketContext::new).toArray(BucketContext[]::new);
    private static final @Nullable Map<String, Object> NO_PARAMETERS = null;

    private final int bucket;

    @SuppressWarnings("NullAway") // FF4j takes an absent map; ten thousand empty ones would be waste
    private BucketContext(int bucket) {
        super(NO_PARAMETERS);
        this.bucket = bucket;
    }

    static BucketContext of(Bucket bucket) {
        return ALL[bucket.value()];
    }

    int bucket() {
        return bucket;
    }
}
