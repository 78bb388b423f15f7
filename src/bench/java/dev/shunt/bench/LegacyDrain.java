package dev.shunt.bench;

import dev.shunt.embedded.TestBackends;
import dev.shunt.legacy.ConsumerSwitch;
import dev.shunt.workloads.trace.BareStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Drains a prefilled list through the legacy route, and does the same work in two other shapes, in turn. */
final class LegacyDrain {

    private static final int BARE_GROUP = 100;

    /** One measured run of one shape. */
    private record Run(double perSecond, Map<String, Double> cpu) {}

    /** Work to be measured. */
    private interface Timed {
        void run() throws Exception;
    }

    private final Cpu cpu = Servers.cpu();
    private final Map<String, List<Run>> runs = new LinkedHashMap<>();
    private Map<String, Double> idle = Map.of();

    private LegacyDrain() throws Exception {}

    static void run() throws Exception {
        int rounds = Bench.size("rounds", 5);
        int items = Bench.size("items", 6_000);
        var environment = Servers.environmentWithRedis();
        var drain = new LegacyDrain();
        // The comparator reads what was stored, at its own pace; it is not part of the route.
        Map<String, String> quiet = Map.of("shunt.comparison.interval", "1h", "shunt.comparison.sweep", "1d");
        Map<String, String> one = new HashMap<>(quiet);
        one.put("shunt.legacy.consumers", "1");
        try (var ours = new App(quiet);
                var single = new App(one);
                var bare = new BareStore(TestBackends.migratedDatabase());
                var old = new OldWorker()) {
            for (int round = 0; round <= rounds; round++) {
                boolean counts = round > 0; // the first warms up
                String run = "r" + round;
                drain.bare(bare, Messages.messages(run, items), counts);
                drain.shunt("Shunt (default: 2 consumers, batches of 64)", ours, run, items, counts);
                drain.shunt("Shunt, shunt.legacy.consumers=1", single, run, items, counts);
                drain.old(old, Messages.messages(run, items / 10), counts);
            }
            drain.idle();
        }
        drain.publish(environment, items, rounds);
    }

    private void shunt(String shape, App app, String run, int items, boolean counts) throws Exception {
        var consumers = app.context.getBean(ConsumerSwitch.class);
        consumers.pause(App.TRACE);
        LockSupport.parkNanos(Duration.ofMillis(1_500).toNanos()); // longer than a fetch is held
        for (byte[] message : Messages.messages(run, items)) {
            app.redis.sync().lpush(App.QUEUE, message);
        }
        App.await("the list is filled", 60, () -> app.waiting() == items);
        long before = app.done();
        consumers.resume(App.TRACE);
        // A paused loop looks up once a second: that wait is no part of the route. What is in hand by now is handled in
        // the measured time without being counted.
        App.await("the consumers are back", 10, () -> app.waiting() < items);
        measure(
                shape,
                (int) app.waiting(),
                counts,
                () -> App.await("the list is drained", 300, () -> app.waiting() == 0 && app.inFlight() == 0));
        App.await("the ledger is complete", 10, () -> app.done() - before == items);
    }

    private void bare(BareStore store, List<byte[]> messages, boolean counts) throws Exception {
        store.prepare(messages, BARE_GROUP);
        measure("(a) bare JDBC loop, groups of 100", messages.size(), counts, store::write);
    }

    private void old(OldWorker worker, List<byte[]> messages, boolean counts) throws Exception {
        worker.push(messages);
        measure("(b) the old worker's shape", messages.size(), counts, () -> worker.work(messages.size()));
    }

    private void measure(String shape, int items, boolean counts, Timed work) throws Exception {
        Map<String, Double> before = cpu.now();
        long begun = System.nanoTime();
        work.run();
        double seconds = (System.nanoTime() - begun) / 1e9;
        var run = new Run(items / seconds, cpu.perItem(before, items));
        if (counts) {
            runs.computeIfAbsent(shape, s -> new ArrayList<>()).add(run);
        }
        System.out.printf("%s: %.0f items/s, %s us CPU per item%n", shape, run.perSecond(), run.cpu());
    }

    /** What the applications cost in a second without items: at low rates it weighs on each item. */
    private void idle() {
        int seconds = 5;
        Map<String, Double> before = cpu.now();
        LockSupport.parkNanos(Duration.ofSeconds(seconds).toNanos());
        idle = cpu.perItem(before, seconds);
    }

    private void publish(Map<String, String> environment, int items, int rounds) {
        var report = new Report(
                "2-legacy-drain",
                "2. Legacy route: drain of a prefilled list, 1 trace + 8 spans",
                environment,
                "shape",
                "items/s",
                "of (a), in one round",
                "CPU per item, us",
                "JVM",
                "Postgres",
                "Redis",
                "CPU of (a)");
        List<Run> base = runs.values().iterator().next();
        runs.forEach((shape, list) -> report.row(
                        shape,
                        rounds(list.stream().map(Run::perSecond).toList()),
                        share(list, base),
                        rounds(list.stream().map(r -> Cpu.sum(r.cpu())).toList()),
                        part(list, "JVM"),
                        part(list, "Postgres"),
                        part(list, "Redis"),
                        Rounds.number(new Rounds(list.stream()
                                                .map(r -> Cpu.sum(r.cpu()))
                                                .toList())
                                        .median()
                                / new Rounds(base.stream()
                                                .map(r -> Cpu.sum(r.cpu()))
                                                .toList())
                                        .median()))
                .values(shape + ", items/s", list.stream().map(Run::perSecond).toList()));
        report.note(rounds + " rounds of " + items + " items (" + items / 10
                + " for (b)) after one that is not counted; median (least..most). All shapes in one JVM, one after the"
                + " other in each round.");
        report.note("CPU of one second without items, both applications of this run together: "
                + Rounds.number(Cpu.sum(idle)) + " us. It is in the figures of every shape.");
        report.note("Shunt: unstamped messages, so the tap reads, decides and books each; then decoding, the store"
                + " statement, the ledger row and the acknowledgement. (a): the same statements and ledger rows, decoded"
                + " beforehand, no Redis. (b): no ledger.");
        report.note("Wanted: Shunt at 75 % of (a) or more.");
        report.publish();
    }

    private static String rounds(List<Double> values) {
        return new Rounds(values).shown();
    }

    private static String part(List<Run> list, String process) {
        return Rounds.number(new Rounds(list.stream()
                        .map(r -> r.cpu().getOrDefault(process, 0.0))
                        .toList())
                .median());
    }

    private static String share(List<Run> list, List<Run> base) {
        List<Double> shares = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            shares.add(list.get(i).perSecond() / base.get(i).perSecond());
        }
        return rounds(shares);
    }
}
