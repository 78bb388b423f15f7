package dev.shunt.core;

/**
 * The fixed place of a routing key on the scale that the percentage cuts.
 *
 * <p>bucket = (unsigned murmur3_32(workload NUL routingKey) * 10000) &gt;&gt;&gt; 32, with seed 0x5348554E ("SHUN") over
 * UTF-8. Hash, seed and scale are frozen: changing one moves live keys between routes. Golden vectors guard them.
 *
 * @param value 0..9999
 */
public record Bucket(int value) {

    static final int SEED = 0x5348554E;

    public Bucket {
        if (value < 0 || value >= Percentage.SCALE) {
            throw new IllegalArgumentException("bucket must be 0..9999, was " + value);
        }
    }

    public static Bucket of(Workload workload, String routingKey) {
        long hash = Integer.toUnsignedLong(Murmur3.hash32(workload.name(), routingKey, SEED));
        return new Bucket((int) ((hash * Percentage.SCALE) >>> 32));
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
