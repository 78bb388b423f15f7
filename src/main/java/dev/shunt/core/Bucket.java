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
        return scale(workload).place(routingKey);
    }

    /** For callers that place many keys of one workload: its name is hashed once. */
    public static Scale scale(Workload workload) {
        return new Scale(Murmur3.begun(workload.name(), SEED));
    }

    /** The scale of one workload. */
    public static final class Scale {

        private final Murmur3.OverUtf8 begun;

        private Scale(Murmur3.OverUtf8 begun) {
            this.begun = begun;
        }

        public Bucket place(String routingKey) {
            long hash = Integer.toUnsignedLong(begun.endedWith(routingKey));
            return new Bucket((int) ((hash * Percentage.SCALE) >>> 32));
        }
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
