package dev.shunt.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Items through workflows on the development server: as Shunt does it, and in the plain shape, in turn. */
final class TemporalThroughput {

    private static final int OPEN = 64;

    private record Run(double perSecond, int elsewhere, Map<String, Double> cpu) {}

    private final Cpu cpu;
    private final Map<String, List<Run>> runs = new LinkedHashMap<>();

    private TemporalThroughput(Cpu cpu) {
        this.cpu = cpu;
    }

    static void run() throws Exception {
        int rounds = Bench.size("rounds", 4);
        int items = Bench.size("workflows", 400);
        List<String> faults = new ArrayList<>();
        Map<String, String> ours = settings();
        Map<String, String> plain = new LinkedHashMap<>(ours);
        plain.put("shunt.trace.activities", "remote");
        plain.put("shunt.trace.pricing", "deferred");
        plain.put("shunt.temporal.eager-start", "false");
        try (var shunt = new App(ours);
                var other = new App(plain)) {
            var bench = new TemporalThroughput(Servers.cpu().server("Temporal", temporalServer()));
            for (App app : List.of(shunt, other)) {
                TemporalLoad.awaitReady(app);
            }
            for (int round = 0; round <= rounds; round++) {
                bench.round("Shunt: local activity, eager start", shunt, "s" + round, items, round > 0);
                bench.round("plain: three ordinary activities, no eager start", other, "p" + round, items, round > 0);
            }
            double perSecond = bench.publish(items, rounds);
            faults.addAll(StoredOnce.faults(shunt, Messages.SPANS));
            faults.addAll(StoredOnce.faults(other, Messages.SPANS));
            faults.addAll(TemporalBurst.run(shunt, perSecond));
            faults.addAll(TemporalHang.run(shunt));
        }
        faults.addAll(TemporalWorkers.run(settings()));
        if (!faults.isEmpty()) {
            throw new IllegalStateException("benchmark 3 found wrong results: " + faults);
        }
    }

    /** Everything off that would work beside the route. */
    private static Map<String, String> settings() {
        Map<String, String> ours = new LinkedHashMap<>();
        ours.put("shunt.comparison.interval", "1h");
        ours.put("shunt.comparison.sweep", "1d");
        // Slow starts on a busy machine are waited for: what would fall back to legacy is not what is measured.
        ours.put("shunt.temporal.start-deadline", "10s");
        ours.put("shunt.temporal.late-start-limit", "60s");
        ours.put("spring.datasource.hikari.connection-timeout", "10000"); // the plain shape's steps queue for the pool
        return ours;
    }

    private void round(String shape, App app, String run, int items, boolean counts) throws InterruptedException {
        var load = new TemporalLoad(app, run, items);
        Map<String, Double> used = cpu.now();
        double seconds = load.closed(OPEN);
        var result = new Run(items / seconds, load.elsewhere(), cpu.perItem(used, items));
        load.awaitDone(60);
        if (counts) {
            runs.computeIfAbsent(shape, s -> new ArrayList<>()).add(result);
        }
        System.out.printf(
                "%s: %.0f items/s, %s us CPU, %d not on Temporal%n",
                shape, result.perSecond(), result.cpu(), load.elsewhere());
    }

    /** The development server's process. */
    private static long temporalServer() {
        return ProcessHandle.current()
                .descendants()
                .filter(TemporalThroughput::isServer)
                .findFirst()
                .map(ProcessHandle::pid)
                .orElseThrow(() -> new IllegalStateException(
                        "no Temporal development server: put the program temporal on the PATH"));
    }

    private static boolean isServer(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
                    .contains("start-dev");
        } catch (java.io.IOException gone) {
            return false;
        }
    }

    /** @return items a second of Shunt's shape */
    private double publish(int items, int rounds) throws Exception {
        var report = new Report(
                "3-temporal-route",
                "3. Temporal route: 1 trace + 8 spans, at most 64 open, one worker",
                Servers.environmentWithRedis(),
                "shape",
                "items/s",
                "CPU per item, us",
                "JVM",
                "Temporal",
                "Postgres",
                "Redis",
                "not on Temporal");
        runs.forEach((shape, list) -> report.row(
                shape,
                new Rounds(list.stream().map(Run::perSecond).toList()).shown(),
                new Rounds(list.stream().map(r -> Cpu.sum(r.cpu())).toList()).shown(),
                part(list, "JVM"),
                part(list, "Temporal"),
                part(list, "Postgres"),
                part(list, "Redis"),
                Integer.toString(list.stream().mapToInt(Run::elsewhere).sum())));
        List<List<Run>> both = List.copyOf(runs.values());
        List<Double> speed = new ArrayList<>();
        List<Double> cost = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            Run ours = both.getFirst().get(i);
            Run plain = both.getLast().get(i);
            speed.add(ours.perSecond() / plain.perSecond());
            cost.add(Cpu.sum(ours.cpu()) / Cpu.sum(plain.cpu()));
        }
        report.note("Shunt against plain, in one round: items/s " + new Rounds(speed).shown() + " times, CPU per item "
                + new Rounds(cost).shown() + " times. Wanted: 2.5 and 0.40.");
        report.note(rounds + " rounds of " + items + " items after one that is not counted; median (least..most). Both"
                + " shapes in one JVM against one server, one after the other; " + TemporalLoad.CLIENTS + " clients.");
        runs.forEach((shape, list) -> report.values(
                        shape + ", items/s", list.stream().map(Run::perSecond).toList())
                .values(shape + ", us", list.stream().map(r -> Cpu.sum(r.cpu())).toList()));
        report.publish();
        return new Rounds(both.getFirst().stream().map(Run::perSecond).toList()).median();
    }

    private static String part(List<Run> list, String process) {
        return Rounds.number(new Rounds(list.stream()
                        .map(r -> r.cpu().getOrDefault(process, 0.0))
                        .toList())
                .median());
    }
}
