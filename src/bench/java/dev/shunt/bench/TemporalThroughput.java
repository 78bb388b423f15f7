package dev.shunt.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.core.DoorCodec;
import dev.shunt.core.Item;
import dev.shunt.core.Route;
import dev.shunt.core.RouteDecider;
import dev.shunt.core.RouteGateway;
import dev.shunt.core.RouteGateway.Dispatch;
import dev.shunt.core.WorkloadDefinition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.context.ConfigurableApplicationContext;

/** Items through workflows on the development server: as Shunt does it, and in the plain shape, in turn. */
final class TemporalThroughput {

    private static final int CLIENTS = 16;
    private static final int OPEN = 64;

    private record Run(double perSecond, int elsewhere, Map<String, Double> cpu) {}

    private final Cpu cpu;
    private final Map<String, List<Run>> runs = new LinkedHashMap<>();

    private TemporalThroughput(Cpu cpu) {
        this.cpu = cpu;
    }

    static void run() throws Exception {
        int rounds = Bench.size("rounds", 5);
        int items = Bench.size("workflows", 600);
        Map<String, String> ours = new LinkedHashMap<>();
        ours.put("shunt.comparison.interval", "1h");
        ours.put("shunt.comparison.sweep", "1d");
        // Slow starts on a busy machine are waited for: what would fall back to legacy is not what is measured.
        ours.put("shunt.temporal.start-deadline", "10s");
        ours.put("shunt.temporal.late-start-limit", "60s");
        Map<String, String> plain = new LinkedHashMap<>(ours);
        plain.put("shunt.trace.activities", "remote");
        plain.put("shunt.trace.pricing", "deferred");
        plain.put("shunt.temporal.eager-start", "false");
        try (var shunt = new App(ours);
                var other = new App(plain)) {
            var bench = new TemporalThroughput(Servers.cpu().server("Temporal", temporalServer()));
            for (App app : List.of(shunt, other)) {
                app.percentage(10_000);
                App.await(
                        "Temporal is there",
                        60,
                        () -> gateway(app.context).unready(App.TRACE).isEmpty());
            }
            for (int round = 0; round <= rounds; round++) {
                bench.round("Shunt: local activity, eager start", shunt, "s" + round, items, round > 0);
                bench.round("plain: three ordinary activities, no eager start", other, "p" + round, items, round > 0);
            }
            bench.publish(items, rounds);
        }
    }

    private void round(String shape, App app, String run, int items, boolean counts) throws InterruptedException {
        List<Item> all = items(app, run, items);
        var gateway = gateway(app.context);
        var decider = app.context.getBean(RouteDecider.class);
        var elsewhere = new AtomicInteger();
        var left = new AtomicInteger(items);
        var room = new Semaphore(OPEN);
        long before = app.done();
        Map<String, Double> used = cpu.now();
        long begun = System.nanoTime();
        List<Thread> clients = new ArrayList<>();
        for (int c = 0; c < CLIENTS; c++) {
            clients.add(Thread.ofPlatform().start(() -> {
                for (int n = left.decrementAndGet(); n >= 0; n = left.decrementAndGet()) {
                    room.acquireUninterruptibly();
                    Item item = all.get(n);
                    Dispatch answer = gateway.dispatch(item, decider.decide(item.workload(), item.routingKey()));
                    boolean there = answer instanceof Dispatch.Accepted accepted
                            && accepted.decision().executed() == Route.TEMPORAL;
                    elsewhere.addAndGet(there ? 0 : 1);
                }
            }));
        }
        int released = 0;
        while (released < items) { // as many new ones as have ended since the last look
            int begunSoFar = released + OPEN - room.availablePermits();
            int ended = (int) Math.max(released, begunSoFar - app.inFlight() - CLIENTS);
            if (left.get() <= 0 && app.inFlight() == 0 && clients.stream().noneMatch(Thread::isAlive)) {
                ended = items;
            }
            room.release(ended - released);
            released = ended;
            Thread.sleep(10);
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        var result = new Run(items / seconds, elsewhere.get(), cpu.perItem(used, items));
        App.await("the ledger is complete", 60, () -> app.done() - before == items);
        if (counts) {
            runs.computeIfAbsent(shape, s -> new ArrayList<>()).add(result);
        }
        System.out.printf(
                "%s: %.0f items/s, %s us CPU, %d not on Temporal%n",
                shape, result.perSecond(), result.cpu(), elsewhere.get());
    }

    private static List<Item> items(App app, String run, int count) {
        DoorCodec door = app.context.getBean(WorkloadDefinition.class).door();
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] body = Messages.request(run + "-" + i).getBytes(UTF_8);
            if (door.read("bench", Map.of(), body, Instant.now()) instanceof DoorCodec.Reading.Read read) {
                items.add(read.item());
            }
        }
        return items;
    }

    private static RouteGateway gateway(ConfigurableApplicationContext context) {
        return context.getBeansOfType(RouteGateway.class).values().stream()
                .filter(gateway -> gateway.route() == Route.TEMPORAL)
                .findFirst()
                .orElseThrow();
    }

    /** The development server's process; this JVM's own where Temporal runs inside it. */
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

    private void publish(int items, int rounds) throws Exception {
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
                + " shapes in one JVM against one server, one after the other; " + CLIENTS + " clients.");
        report.publish();
    }

    private static String part(List<Run> list, String process) {
        return Rounds.number(new Rounds(list.stream()
                        .map(r -> r.cpu().getOrDefault(process, 0.0))
                        .toList())
                .median());
    }
}
