package dev.shunt.comparison.gates;

/**
 * A made-up migration.
 *
 * @param name for tables
 * @param keys how routing keys are distributed
 * @param legacyErrors share of items that die on legacy
 * @param temporalErrors and on Temporal
 * @param slowShare share of items on Temporal that take {@code slowFactor} times as long
 * @param everywhere by how much every item on Temporal takes longer
 * @param shape of latency
 * @param share of keys that really goes to Temporal in the first phase; 0: what the percentage says
 * @param basisPoints of each phase in turn
 * @param items of each phase
 */
record World(
        String name,
        Keying keys,
        double legacyErrors,
        double temporalErrors,
        double slowShare,
        double slowFactor,
        double everywhere,
        Shape shape,
        double share,
        @SuppressWarnings("ArrayRecordComponent") int[] basisPoints,
        int items) {

    /** How items belong to routing keys. */
    enum Keying {
        /** Each its own. */
        INDEPENDENT,
        /** 100,000 keys, of which the n-th has a weight of n^-1.1: the first has an eighth of all items. */
        ZIPF,
        /** The same, and errors and slowness are a matter of the key: all items of one key share them. */
        ZIPF_CLUSTERED
    }

    /** How latencies are distributed. */
    enum Shape {
        /** As long as the traces of the samples took: very unequal. */
        SAMPLES,
        /** Lognormal with a deviation of 0.5: the 99th percentile is 3.2 times the median. */
        LOGNORMAL
    }

    private static final int[] TEN = {1_000};

    static World same(String name, Keying keys, int items) {
        return new World(name, keys, 0.005, 0.005, 0, 1, 1, Shape.SAMPLES, 0, TEN, items);
    }

    static World samePhases(String name, Keying keys, int items) {
        return new World(name, keys, 0.005, 0.005, 0, 1, 1, Shape.SAMPLES, 0, new int[] {1_000, 5_000, 10_000}, items);
    }

    static World errors(double legacy, double temporal, Keying keys, int items) {
        return new World(
                "errors " + Words.percent(legacy) + " to " + Words.percent(temporal),
                keys,
                legacy,
                temporal,
                0,
                1,
                1,
                Shape.SAMPLES,
                0,
                TEN,
                items);
    }

    static World slowTail(Keying keys, Shape shape, int items) {
        return new World(
                "3 % of items 20 times slower, " + shape, keys, 0.005, 0.005, 0.03, 20, 1, shape, 0, TEN, items);
    }

    static World slower(Keying keys, int items) {
        return new World("everything 1.3 times slower", keys, 0.005, 0.005, 0, 1, 1.3, Shape.SAMPLES, 0, TEN, items);
    }

    static World sixtyForty(Keying keys, int items) {
        return new World(
                "60/40 instead of 50/50", keys, 0.005, 0.005, 0, 1, 1, Shape.SAMPLES, 0.6, new int[] {5_000}, items);
    }
}
