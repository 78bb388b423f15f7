package dev.shunt.core;

/**
 * Which items are sampled for shadow pairs: by a hash of their own key with a seed of its own, so that the sample says
 * nothing about the route and the same item is sampled wherever it is delivered.
 */
public final class Sample {

    /** "SAMP"; must differ from the seed of {@link Bucket}. */
    static final int SEED = 0x53414D50;

    private Sample() {}

    /** @param share of all item keys; raising it only ever adds keys */
    public static boolean takes(Workload workload, ItemKey key, Percentage share) {
        long hash = Integer.toUnsignedLong(Murmur3.hash32(workload.name(), key.value(), SEED));
        return ((hash * Percentage.SCALE) >>> 32) < share.basisPoints();
    }
}
