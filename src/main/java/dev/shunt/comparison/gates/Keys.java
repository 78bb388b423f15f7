package dev.shunt.comparison.gates;

/** A set of 64-bit hashes, up to a limit; small enough to keep of every rollout. Open addressing; 0 is kept apart. */
final class Keys {

    private final int most;
    private long[] table = new long[64];
    private int size;
    private boolean hasZero;

    Keys(int most) {
        this.most = most;
    }

    /** @return whether it was not in it and is now; false when the set is full */
    boolean add(long key) {
        if (size >= most) {
            return false;
        }
        if (key == 0) {
            boolean fresh = !hasZero;
            hasZero = true;
            size += fresh ? 1 : 0;
            return fresh;
        }
        int slot = slot(table, key);
        if (table[slot] == key) {
            return false;
        }
        table[slot] = key;
        size++;
        if (size * 2 > table.length) {
            grow();
        }
        return true;
    }

    boolean contains(long key) {
        return key == 0 ? hasZero : table[slot(table, key)] == key;
    }

    boolean isFull() {
        return size >= most;
    }

    int size() {
        return size;
    }

    long[] values() {
        long[] values = new long[size];
        int count = hasZero ? 1 : 0;
        for (long key : table) {
            if (key != 0) {
                values[count++] = key;
            }
        }
        return values;
    }

    /** @param text as {@link LongText} writes it */
    void addAll(String text) {
        for (long key : LongText.read(text)) {
            add(key);
        }
    }

    private void grow() {
        long[] larger = new long[table.length * 2];
        for (long key : table) {
            if (key != 0) {
                larger[slot(larger, key)] = key;
            }
        }
        table = larger;
    }

    private static int slot(long[] table, long key) {
        long mixed = key * 0x9E3779B97F4A7C15L;
        int slot = (int) (mixed >>> 32) & (table.length - 1);
        while (table[slot] != 0 && table[slot] != key) {
            slot = (slot + 1) & (table.length - 1);
        }
        return slot;
    }
}
