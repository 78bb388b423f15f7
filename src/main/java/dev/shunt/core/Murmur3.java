package dev.shunt.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * MurmurHash3, x86, 32 bit, as published by Austin Appleby (public domain, {@code MurmurHash3_x86_32}). Kept here, and
 * not taken from a library, because the core imports nothing and a route must never move with a dependency's update.
 */
final class Murmur3 {

    private static final VarHandle LITTLE_ENDIAN_INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int C1 = 0xcc9e2d51;
    private static final int C2 = 0x1b873593;

    private Murmur3() {}

    static int hash32(byte[] data, int seed) {
        int hash = seed;
        int whole = data.length & ~3;
        for (int i = 0; i < whole; i += 4) {
            hash ^= scramble((int) LITTLE_ENDIAN_INT.get(data, i));
            hash = Integer.rotateLeft(hash, 13) * 5 + 0xe6546b64;
        }
        int tail = 0;
        for (int i = data.length - 1; i >= whole; i--) {
            tail = (tail << 8) | (data[i] & 0xff);
        }
        hash ^= scramble(tail);
        return avalanche(hash ^ data.length);
    }

    /** The hash of {@code first NUL second} in UTF-8, without making the bytes: decisions are made for every item. */
    static int hash32(String first, String second, int seed) {
        return begun(first, seed).endedWith(second);
    }

    /** That hash as far as it goes without the second part. */
    static OverUtf8 begun(String first, int seed) {
        var hash = new OverUtf8(seed);
        hash.add(first);
        hash.addByte(0);
        return hash;
    }

    /**
     * The same hash over characters as they come. Bytes wait in {@code waiting}, the next one lowest, until there are
     * four; at most three wait between two characters, and no character has more than four.
     */
    static final class OverUtf8 {

        private int hash;
        private long waiting;
        private int bits;
        private int length;

        private OverUtf8(int seed) {
            hash = seed;
        }

        /** The hash with this text behind it; this one stays as it is. */
        int endedWith(String text) {
            var copy = new OverUtf8(hash);
            copy.waiting = waiting;
            copy.bits = bits;
            copy.length = length;
            copy.add(text);
            return copy.end();
        }

        private void add(String text) {
            int i = 0;
            int end = text.length();
            while (i < end) {
                i = addAscii(text, i);
                if (i == end) {
                    return;
                }
                char c = text.charAt(i++);
                if (c < 0x80) {
                    addByte(c);
                } else if (c < 0x800) {
                    append((continuation(c) << 8) | 0xc0 | (c >> 6), 2);
                } else if (!Character.isSurrogate(c)) {
                    append((continuation(c) << 16) | (continuation(c >> 6) << 8) | 0xe0 | (c >> 12), 3);
                } else if (Character.isHighSurrogate(c) && i < end && Character.isLowSurrogate(text.charAt(i))) {
                    addPair(Character.toCodePoint(c, text.charAt(i++)));
                } else {
                    addByte('?'); // what String.getBytes makes of half a pair
                }
            }
        }

        /**
         * Four at once as long as they are ASCII, which is what nearly all keys are made of. In locals and with the shift
         * unchanged, or half of a decision's time would go here.
         *
         * @return the first character that is not added
         */
        private int addAscii(String text, int from) {
            int sum = hash;
            int shift = bits;
            long rest = waiting;
            int i = from;
            for (int last = text.length() - 4; i <= last; i += 4) {
                int a = text.charAt(i);
                int b = text.charAt(i + 1);
                int c = text.charAt(i + 2);
                int d = text.charAt(i + 3);
                if ((a | b | c | d) >= 0x80) {
                    break;
                }
                rest |= Integer.toUnsignedLong(a | (b << 8) | (c << 16) | (d << 24)) << shift;
                sum = Integer.rotateLeft(sum ^ scramble((int) rest), 13) * 5 + 0xe6546b64;
                rest >>>= 32;
            }
            hash = sum;
            waiting = rest;
            length += i - from;
            return i;
        }

        private void addPair(int point) {
            long lower = ((long) continuation(point) << 24) | (continuation(point >> 6) << 16);
            append(lower | (continuation(point >> 12) << 8) | 0xf0 | (point >> 18), 4);
        }

        private static int continuation(int point) {
            return 0x80 | (point & 0x3f);
        }

        private void addByte(int one) {
            append(one, 1);
        }

        private void append(long bytes, int count) {
            waiting |= bytes << bits;
            bits += count * 8;
            length += count;
            if (bits >= 32) {
                hash ^= scramble((int) waiting);
                hash = Integer.rotateLeft(hash, 13) * 5 + 0xe6546b64;
                waiting >>>= 32;
                bits -= 32;
            }
        }

        private int end() {
            return avalanche(hash ^ scramble((int) waiting) ^ length);
        }
    }

    private static int scramble(int word) {
        return Integer.rotateLeft(word * C1, 15) * C2;
    }

    private static int avalanche(int hash) {
        int h = (hash ^ (hash >>> 16)) * 0x85ebca6b;
        h = (h ^ (h >>> 13)) * 0xc2b2ae35;
        return h ^ (h >>> 16);
    }
}
