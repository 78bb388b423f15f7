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

    private static int scramble(int word) {
        return Integer.rotateLeft(word * C1, 15) * C2;
    }

    private static int avalanche(int hash) {
        int h = (hash ^ (hash >>> 16)) * 0x85ebca6b;
        h = (h ^ (h >>> 13)) * 0xc2b2ae35;
        return h ^ (h >>> 16);
    }
}
