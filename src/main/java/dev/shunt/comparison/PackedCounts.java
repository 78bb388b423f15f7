package dev.shunt.comparison;

import java.nio.ByteBuffer;

/**
 * Reads HdrHistogram's V2 encoding value by value. The library's own way makes a whole histogram of it first, of 80 KB for
 * a hundred values; a report over a day adds up twenty thousand of them.
 *
 * <p>The encoding (HdrHistogram 2.1 and later): a header of 40 bytes, then a number for each slot, zigzag and in groups of
 * 7 bits, the ninth of 8: above 0 a count, below 0 so many empty slots. Only what {@link Latencies#pack} makes is read: 3
 * digits and unit 1, so that the first 2048 slots are 1 wide and each following 1024 twice as wide as those before.
 */
final class PackedCounts {

    private static final int V2 = 0x1c849303;
    private static final int COOKIE_MASK = ~0xf0;
    private static final int HEADER = 40;
    private static final int HALF = 10;
    private static final long HALF_COUNT = 1L << HALF;

    /** Takes a value, the least one of its slot, with how often it occurred. */
    @FunctionalInterface
    interface Sink {
        void accept(long value, long count);
    }

    private PackedCounts() {}

    static void read(byte[] packed, Sink sink) {
        ByteBuffer buffer = ByteBuffer.wrap(packed);
        int cookie = buffer.getInt() & COOKIE_MASK;
        int length = buffer.getInt();
        int offset = buffer.getInt();
        int digits = buffer.getInt();
        long unit = buffer.getLong();
        if (cookie != (V2 & COOKIE_MASK) || offset != 0 || digits != 3 || unit != 1) {
            throw new IllegalArgumentException("not a histogram of 3 digits and unit 1 in V2 encoding: cookie "
                    + Integer.toHexString(cookie) + ", " + digits + " digits, unit " + unit);
        }
        buffer.position(HEADER);
        long slot = 0;
        while (buffer.position() < HEADER + length) {
            long count = next(buffer);
            if (count < 0) {
                slot -= count;
                continue;
            }
            if (count > 0) {
                sink.accept(valueOf(slot), count);
            }
            slot++;
        }
    }

    private static long valueOf(long slot) {
        long step = (slot >> HALF) - 1;
        return step < 0 ? slot : ((slot & (HALF_COUNT - 1)) + HALF_COUNT) << step;
    }

    private static long next(ByteBuffer buffer) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            long group = buffer.get() & 0xffL;
            if (shift == 56) {
                value |= group << shift;
                break;
            }
            value |= (group & 0x7f) << shift;
            if (group < 0x80) {
                break;
            }
        }
        return (value >>> 1) ^ -(value & 1);
    }
}
