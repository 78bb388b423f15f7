package dev.shunt.comparison.gates;

import dev.shunt.comparison.gates.World.Keying;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Prints the tables of docs/statistics.md: {@code scripts/statistics}. Not part of the suite. */
class StatisticsTables {

    private static final int RUNS = Integer.getInteger("shunt.statistics.runs", 1_000);
    private static final int ITEMS = Integer.getInteger("shunt.statistics.items", 10_000);
    /** In how many of them the other methods are tried too: the rank test takes a hundred times as long as all gates. */
    private static final int BESIDE = Integer.getInteger("shunt.statistics.beside", 100);

    private static final long SEED = Long.getLong("shunt.statistics.seed", 20_261_122);

    @Test
    void print() {
        System.out.println(
                "| A/A world | items | rollouts with a false FAIL | by gate | beside | fixed limit | rank test |");
        System.out.println("|---|---|---|---|---|---|---|");
        for (Keying keying : Keying.values()) {
            same(World.same("10 %, " + keying, keying, ITEMS));
        }
        same(World.samePhases("10, 50, 100 %, " + Keying.ZIPF, Keying.ZIPF, ITEMS / 2));
        System.out.println();
        System.out.println("| what is wrong | keys | gate | seen | median | p90 | wanted | fixed limit | rank test |");
        System.out.println("|---|---|---|---|---|---|---|---|---|");
        for (Keying keying : List.of(Keying.INDEPENDENT, Keying.ZIPF)) {
            detected(World.errors(0, 0.03, keying, 50_000), "errors", 150);
            detected(World.errors(0.005, 0.02, keying, 50_000), "errors", 650);
            detected(World.slowTail(keying, World.Shape.LOGNORMAL, 50_000), "tail", 500);
            detected(World.slowTail(keying, World.Shape.SAMPLES, 50_000), "tail", 500);
            detected(World.slower(keying, 50_000), "bulk", 1_000);
            detected(World.sixtyForty(keying, 20_000), "split", 600);
        }
    }

    private static void same(World world) {
        List<Simulation> runs = runs(world, "", RUNS);
        Map<String, Integer> byGate = new TreeMap<>();
        int failed = 0;
        int fixed = 0;
        int rank = 0;
        for (Simulation run : runs) {
            failed += run.result().isEmpty() ? 0 : 1;
            run.result().keySet().forEach(gate -> byGate.merge(gate, 1, Integer::sum));
            fixed += run.plain.alarms.containsKey("fixed") ? 1 : 0;
            rank += run.plain.alarms.containsKey("rank") ? 1 : 0;
        }
        System.out.printf(
                "| %s | %,d | %d of %,d | %s | %d | %d | %d |%n",
                world.name(),
                world.items() * world.basisPoints().length,
                failed,
                runs.size(),
                byGate,
                Math.min(BESIDE, runs.size()),
                fixed,
                rank);
    }

    private static void detected(World world, String gate, int wanted) {
        List<Simulation> runs = runs(world, gate, Math.max(RUNS * 2 / 5, 1));
        int[] at = runs.stream()
                .mapToInt(run -> run.result().getOrDefault(gate, Integer.MAX_VALUE))
                .sorted()
                .toArray();
        long seen = Arrays.stream(at).filter(each -> each < Integer.MAX_VALUE).count();
        System.out.printf(
                "| %s | %s | %s | %d of %,d | %s | %s | %,d | %s | %s |%n",
                world.name(),
                world.keys(),
                gate,
                seen,
                runs.size(),
                show(at, 0.5),
                show(at, 0.9),
                wanted,
                alarm(runs, "fixed"),
                alarm(runs, "rank"));
    }

    private static String alarm(List<Simulation> runs, String which) {
        int[] at = runs.stream()
                .limit(BESIDE)
                .mapToInt(run -> run.plain.alarms.getOrDefault(which, Integer.MAX_VALUE))
                .sorted()
                .toArray();
        return show(at, 0.5);
    }

    private static String show(int[] at, double quantile) {
        int value = at[(int) Math.min(at.length - 1L, Math.round(quantile * at.length))];
        return value == Integer.MAX_VALUE ? "-" : String.format("%,d", value);
    }

    static List<Simulation> runs(World world, String until, int runs) {
        return IntStream.range(0, runs)
                .parallel()
                .mapToObj(run -> {
                    var simulation = new Simulation(world, 50, SEED + run, run < BESIDE);
                    simulation.run(until);
                    return simulation;
                })
                .toList();
    }
}
