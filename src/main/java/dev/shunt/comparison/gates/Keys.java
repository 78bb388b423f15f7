package dev.shunt.comparison.gates;

/**
 * A set of 64-bit hashes, small enough to keep of every rollout. It is never full: beyond its limit it forgets those that
 * were not seen for longest, so that what a set is asked for goes on for as long as the rollout does.
 */
final class Keys {

    private final int most;
    private Table newer = new Table();
    private Table older = new Table();
    private int both;

    /** @param most how many it remembers at most; at least half of them, the newest, always */
    Keys(int most) {
        this.most = most;
    }

    /** @return whether it was not in it, or was forgotten, and is now */
    boolean add(long key) {
        boolean known = older.contains(key);
        boolean fresh = newer.add(key);
        both += known && fresh ? 1 : 0;
        if (newer.size >= most - most / 2) {
            older = newer;
            newer = new Table();
            both = 0;
        }
        return fresh && !known;
    }

    int size() {
        return older.size + newer.size - both;
    }

    long[] values() {
        long[] values = new long[size()];
        int count = newer.copy(values, 0, new Table());
        older.copy(values, count, newer);
        return values;
    }

    /** @param text as {@link LongText} writes it */
    void addAll(String text) {
        for (long key : LongText.read(text)) {
            add(key);
        }
    }

    /** Open addressing; 0 is kept apart. */
    private static final class Table {

        private long[] slots = new long[64];
        private int size;
        private boolean hasZero;

        boolean add(long key) {
            if (key == 0) {
                boolean fresh = !hasZero;
                hasZero = true;
                size += fresh ? 1 : 0;
                return fresh;
            }
            int slot = slot(slots, key);
            if (slots[slot] == key) {
                return false;
            }
            slots[slot] = key;
            size++;
            if (size * 2 > slots.length) {
                grow();
            }
            return true;
        }

        boolean contains(long key) {
            return key == 0 ? hasZero : slots[slot(slots, key)] == key;
        }

        /** @return where the next would go, after those that are not in another one */
        int copy(long[] values, int from, Table other) {
            int at = from;
            if (hasZero && !other.hasZero) {
                values[at++] = 0;
            }
            for (long key : slots) {
                if (key != 0 && !other.contains(key)) {
                    values[at++] = key;
                }
            }
            return at;
        }

        private void grow() {
            long[] larger = new long[slots.length * 2];
            for (long key : slots) {
                if (key != 0) {
                    larger[slot(larger, key)] = key;
                }
            }
            slots = larger;
        }

        private static int slot(long[] slots, long key) {
            long mixed = key * 0x9E3779B97F4A7C15L;
            int slot = (int) (mixed >>> 32) & (slots.length - 1);
            while (slots[slot] != 0 && slots[slot] != key) {
                slot = (slot + 1) & (slots.length - 1);
            }
            return slot;
        }
    }
}
