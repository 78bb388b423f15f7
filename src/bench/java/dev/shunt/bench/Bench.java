package dev.shunt.bench;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs the benchmarks that are named: {@code 1} to {@code 6}, or {@code all}. */
public final class Bench {

    private Bench() {}

    public static void main(String[] args) throws Exception {
        String wanted = args.length == 0 ? "all" : args[0];
        Map<String, Exception> failed = new TreeMap<>();
        for (String one : wanted.equals("all") ? List.of("5", "2", "1", "3", "4", "6") : List.of(wanted)) {
            long begun = System.nanoTime();
            try {
                run(one);
            } catch (Exception wrong) { // the others still have something to say
                failed.put(one, wrong);
            }
            System.out.printf("Benchmark %s took %d s.%n", one, (System.nanoTime() - begun) / 1_000_000_000);
        }
        Report.publishTogether();
        failed.forEach((one, wrong) -> {
            System.err.println("Benchmark " + one + " failed:");
            wrong.printStackTrace();
        });
        System.exit(failed.isEmpty() ? 0 : 1); // servers of the benchmark leave threads behind
    }

    private static void run(String one) throws Exception {
        switch (one) {
            case "1" -> Decision.run();
            case "2" -> LegacyDrain.run();
            case "3" -> TemporalThroughput.run();
            case "4" -> DoorLatency.run();
            case "5" -> FlagFlip.run();
            case "6" -> ShadowOverhead.run();
            default -> throw new IllegalArgumentException("a benchmark is 1, 2, 3, 4, 5, 6 or all, not " + one);
        }
    }

    /** A size that can be changed from outside: {@code -Dbench.items=...} by way of BENCH_OPTS. */
    static int size(String name, int usual) {
        return Integer.getInteger("bench." + name, usual);
    }
}
