package dev.shunt.workloads.trace;

/**
 * Which values of a span were not sent but set from the time of acceptance. A repeated delivery has another such time,
 * so they are no part of what the client said.
 */
record Filled(boolean start, boolean end) {

    static final Filled NOTHING = new Filled(false, false);

    boolean any() {
        return start || end;
    }

    int bits() {
        return (start ? 1 : 0) | (end ? 2 : 0);
    }

    static Filled ofBits(int bits) {
        return new Filled((bits & 1) != 0, (bits & 2) != 0);
    }
}
