package dev.shunt.bench;

import dev.shunt.comparison.PairReport;
import dev.shunt.comparison.PairReports;
import dev.shunt.comparison.ShadowSwitches;
import dev.shunt.core.Percentage;
import dev.shunt.core.ShadowRoute;
import dev.shunt.core.Shadowing.Mode;
import dev.shunt.legacy.ConsumerSwitch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * What shadow pairs of a tenth of the items cost the primary: latency in an open loop at 30 % of what the same machine just
 * drained, and throughput of a drain, each with shadowing on and off in turn.
 */
final class ShadowOverhead {

    private static final Percentage TENTH = new Percentage(1_000);

    private final App app;
    private final ShadowSwitches switches;
    private final PairReports pairs;
    private final ConsumerSwitch consumers;
    private final Instant begun = Instant.now();
    private int runs;
    private long waitingAtEnd;

    private ShadowOverhead(App app) {
        this.app = app;
        this.switches = app.context.getBean(ShadowSwitches.class);
        this.pairs = app.context.getBean(PairReports.class);
        this.consumers = app.context.getBean(ConsumerSwitch.class);
    }

    /** What one drain did, and which share of the sampled pairs was shed. */
    private record Drain(double perSecond, double shed) {}

    static void run() throws Exception {
        int rounds = Bench.size("rounds", 5);
        int seconds = Bench.size("seconds", 15);
        int items = Bench.size("items", 6_000);
        Map<String, String> quiet = Map.of("shunt.comparison.interval", "1h", "shunt.comparison.sweep", "1d");
        var report = new Report(
                "6-shadow",
                "6. Shadow pairs of 10 % of the items, legacy primary, Temporal shadow, 1 trace + 8 spans",
                Servers.environmentWithRedis(),
                "figure",
                "off",
                "on",
                "on / off, in one round",
                "on / on, in one round");
        try (var app = new App(quiet)) {
            App.await(
                    "both routes can run shadows",
                    60,
                    () -> app.context.getBeansOfType(ShadowRoute.class).values().stream()
                            .allMatch(route -> route.unready().isEmpty()));
            new ShadowOverhead(app).measure(report, rounds, seconds, items);
        }
        report.publish();
    }

    private void measure(Report report, int rounds, int seconds, int items) {
        shadows(true);
        drain(items / 4); // makes the private tables and warms both routes up
        shadows(false);
        drain(items / 4);
        double capacity = drain(items).perSecond();
        int rate = Math.max(1, (int) (capacity * 0.3));
        System.out.printf("Capacity %.0f items/s; open loop at %d/s%n", capacity, rate);

        Map<String, List<Double>> figures = new LinkedHashMap<>();
        for (int round = 0; round <= rounds; round++) {
            double off = latency(false, rate, seconds);
            double on = latency(true, rate, seconds);
            double during = 1 - Math.min(1, waitingAtEnd / (rate * seconds * 0.1));
            double again = latency(true, rate, seconds);
            Drain drainedOff = drainWith(false, items);
            Drain drainedOn = drainWith(true, items);
            System.out.printf(
                    "round %d: p95 off %.1f, on %.1f and %.1f ms; drain off %.0f, on %.0f items/s, shed %.2f; %.2f of the pairs ran during the open loop%n",
                    round, off, on, again, drainedOff.perSecond(), drainedOn.perSecond(), drainedOn.shed(), during);
            if (round > 0) { // the first warms up
                add(figures, "off", off);
                add(figures, "on", on);
                add(figures, "on/off", on / off);
                add(figures, "on/on", again / on);
                add(figures, "drain off", drainedOff.perSecond());
                add(figures, "drain on", drainedOn.perSecond());
                add(figures, "drain on/off", drainedOn.perSecond() / drainedOff.perSecond());
                add(figures, "shed", drainedOn.shed());
                add(figures, "during", during);
            }
        }
        shadows(false);
        report.row(
                "p95 from push to commit at " + rate + " items/s, ms",
                shown(figures, "off"),
                shown(figures, "on"),
                shown(figures, "on/off"),
                shown(figures, "on/on"));
        report.row(
                "drain of a prefilled list, items/s",
                shown(figures, "drain off"),
                shown(figures, "drain on"),
                shown(figures, "drain on/off"),
                "");
        report.row("share of the pairs that ran during the open loop, about", "", shown(figures, "during"), "", "");
        report.row("share of the pairs shed in the drain", "", shown(figures, "shed"), "", "");
        figures.forEach(report::values);
        PairReport all = pairs.report(App.TRACE, begun, Instant.now().plusSeconds(60));
        report.note(all.sampled() + " pairs sampled in all: " + all.compared() + " compared, " + all.differing()
                + " differing, " + all.shed() + " shed, " + all.failed() + " failed, " + all.timedOut() + " late.");
        report.note(rounds + " rounds of off, on, on (" + seconds + " s each) and a drain of " + items
                + " items off and on, after one that is not counted; median (least..most). The rate is 30 % of what a drain"
                + " did before the first round (" + Rounds.number(capacity) + " items/s).");
        report.note("Wanted: p95 on / off within 1.05, or inside the noise of on / on; drain on / off at 0.9 or more.");
    }

    private static void add(Map<String, List<Double>> figures, String name, double value) {
        figures.computeIfAbsent(name, fresh -> new ArrayList<>()).add(value);
    }

    private static String shown(Map<String, List<Double>> figures, String name) {
        return new Rounds(figures.getOrDefault(name, List.of(0.0))).shown();
    }

    private void shadows(boolean on) {
        switches.order(App.TRACE, on ? TENTH : Percentage.ZERO, Mode.OTHER_ROUTE, "bench", "measuring");
    }

    private void settled() {
        App.await(
                "everything is settled",
                300,
                () -> app.waiting() == 0 && app.inFlight() == 0 && pairs.waiting(App.TRACE) == 0);
    }

    /** The 95th percentile of the time from when a message was due in the list to its commit, in milliseconds. */
    private double latency(boolean on, int rate, int seconds) {
        shadows(on);
        String run = "o" + runs++;
        int count = rate * seconds;
        List<byte[]> messages = Messages.messages(run, count);
        Map<String, Double> due = new HashMap<>();
        var async = app.redis.async();
        long start = System.nanoTime() + 50_000_000;
        double startedAt = Instant.now().toEpochMilli() / 1e3 + 0.05;
        for (int i = 0; i < count; i++) {
            long at = i * 1_000_000_000L / rate;
            for (long wait = start + at - System.nanoTime(); wait > 0; wait = start + at - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            due.put(run + "-" + i, startedAt + at / 1e9);
            var unused = async.lpush(App.QUEUE, messages.get(i));
        }
        waitingAtEnd = pairs.waiting(App.TRACE);
        // a message that was taken from the list and is not in the book yet is in neither
        App.await("every message is stored", 300, () -> stored(run) == count);
        settled();
        List<Double> millis = new ArrayList<>();
        app.sql()
                .sql("select subject, extract(epoch from committed_at)::float8 as at from ledger where subject like ?")
                .param(run + "-%")
                .query((row, number) ->
                        (row.getDouble("at") - due.getOrDefault(row.getString("subject"), Double.NaN)) * 1e3)
                .list()
                .forEach(millis::add);
        return new Rounds(millis).percentile(95);
    }

    private long stored(String run) {
        return app.sql()
                .sql("select count(*) from ledger where subject like ? and committed_at is not null")
                .param(run + "-%")
                .query(Long.class)
                .single();
    }

    private Drain drainWith(boolean on, int items) {
        shadows(on);
        return drain(items);
    }

    private Drain drain(int items) {
        PairReport before = pairs.report(App.TRACE, begun, Instant.now().plusSeconds(60));
        consumers.pause(App.TRACE);
        LockSupport.parkNanos(Duration.ofMillis(1_500).toNanos()); // longer than a fetch is held
        for (byte[] message : Messages.messages("d" + runs++, items)) {
            app.redis.sync().lpush(App.QUEUE, message);
        }
        App.await("the list is filled", 60, () -> app.waiting() == items);
        consumers.resume(App.TRACE);
        App.await("the consumers are back", 10, () -> app.waiting() < items);
        long left = app.waiting();
        long start = System.nanoTime();
        App.await("the list is drained", 300, () -> app.waiting() == 0 && app.inFlight() == 0);
        double perSecond = left / ((System.nanoTime() - start) / 1e9);
        settled();
        PairReport after = pairs.report(App.TRACE, begun, Instant.now().plusSeconds(60));
        long sampled = after.sampled() - before.sampled();
        return new Drain(perSecond, sampled == 0 ? 0 : (after.shed() - before.shed()) / (double) sampled);
    }
}
