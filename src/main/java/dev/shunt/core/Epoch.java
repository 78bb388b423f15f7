package dev.shunt.core;

/**
 * The version of a workload's flag. Taken from a database sequence, so it only grows, also over deletes and imports.
 *
 * @param value 0 or more; 0 means that no flag has been read
 */
public record Epoch(long value) implements Comparable<Epoch> {

    public static final Epoch NONE = new Epoch(0);

    public Epoch {
        if (value < 0) {
            throw new IllegalArgumentException("epoch must be 0 or more, was " + value);
        }
    }

    public boolean isBefore(Epoch other) {
        return value < other.value;
    }

    @Override
    public int compareTo(Epoch other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
