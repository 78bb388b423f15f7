package dev.shunt.bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** POST to 202 at fixed rates, whatever the server answers: each request's clock starts when it is due. */
final class DoorLatency {

    /** One door at one rate. */
    private record Point(String door, int rate) {}

    /** Latencies in milliseconds of one round. */
    private record Round(List<Double> millis, int failed) {}

    private final Map<Point, List<Round>> rounds = new LinkedHashMap<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final App app;

    private DoorLatency(App app) {
        this.app = app;
    }

    static void run() throws Exception {
        int count = Bench.size("rounds", 3);
        int seconds = Bench.size("seconds", 8);
        Map<String, String> settings = Map.of(
                "bench.bare-door",
                "true",
                "shunt.comparison.interval",
                "1h",
                "shunt.legacy.linger",
                Bench.size("linger", 0) + "ms");
        try (var app = new App(settings)) {
            var bench = new DoorLatency(app);
            for (int round = 0; round <= count; round++) {
                for (int rate : new int[] {Bench.size("rate", 25), Bench.size("rate", 25) * 4}) {
                    int requests = rate * seconds;
                    String run = "r" + round + "-" + rate;
                    bench.one("bare handler, LPUSH only", rate, requests, BareDoor.PATH, "b" + run, round > 0);
                    app.percentage(0);
                    bench.one("door, legacy route", rate, requests, "/v1/traces", "l" + run, round > 0);
                    app.consumers("pause");
                    bench.one(PAUSED, rate, requests, "/v1/traces", "p" + run, round > 0);
                    app.percentage(10_000);
                    bench.one("door, Temporal route", rate, requests, "/v1/traces", "t" + run, round > 0);
                }
                app.redis.sync().del(BareDoor.LIST);
            }
            bench.publish(count, seconds);
        }
    }

    private static final String PAUSED = "door, legacy route, consumers paused";

    private void one(String door, int rate, int requests, String path, String run, boolean counts)
            throws InterruptedException {
        List<HttpRequest> prepared = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            prepared.add(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + app.port() + path))
                    .timeout(Duration.ofSeconds(20))
                    .header("X-Project-ID", "bench")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(Messages.request(run + "-" + i)))
                    .build());
        }
        var millis = new ConcurrentLinkedQueue<Double>();
        var failed = new AtomicInteger();
        var answered = new CountDownLatch(requests);
        long start = System.nanoTime() + 10_000_000;
        for (int i = 0; i < requests; i++) {
            long due = start + i * 1_000_000_000L / rate;
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            var unused = http.sendAsync(prepared.get(i), BodyHandlers.discarding())
                    .whenComplete((answer, fault) -> {
                        millis.add((System.nanoTime() - due) / 1e6);
                        failed.addAndGet(fault != null || answer.statusCode() != 202 ? 1 : 0);
                        answered.countDown();
                    });
        }
        if (!answered.await(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException(answered.getCount() + " requests to " + path + " are not answered");
        }
        if (door.equals(PAUSED)) {
            app.consumers("resume");
        }
        App.await("everything is settled", 120, () -> app.waiting() == 0 && app.inFlight() == 0);
        var result = new Round(List.copyOf(millis), failed.get());
        if (counts) {
            rounds.computeIfAbsent(new Point(door, rate), p -> new ArrayList<>())
                    .add(result);
        }
        var all = new Rounds(result.millis());
        System.out.printf(
                "%s at %d/s: p50 %.1f, p99 %.1f ms, %d failed%n",
                door, rate, all.median(), all.percentile(99), failed.get());
    }

    private void publish(int count, int seconds) throws Exception {
        var report = new Report(
                "4-door",
                "4. Door: POST to 202, 1 trace + 8 spans, open loop",
                Servers.environmentWithRedis(),
                "door",
                "requests/s",
                "p50, ms",
                "p99, ms",
                "p99 of the bare handler's, in one round",
                "max, ms",
                "not 202");
        rounds.forEach((point, list) -> {
            List<Round> bare = rounds.entrySet().stream()
                    .filter(e -> e.getKey().rate() == point.rate())
                    .findFirst()
                    .orElseThrow()
                    .getValue();
            List<Double> ratio = new ArrayList<>();
            for (int i = 0; i < list.size(); i++) {
                ratio.add(percentile(list.get(i), 99) / percentile(bare.get(i), 99));
            }
            report.row(
                    point.door(),
                    Integer.toString(point.rate()),
                    shown(list, 50),
                    shown(list, 99),
                    new Rounds(ratio).shown(),
                    Rounds.number(list.stream()
                            .mapToDouble(r -> percentile(r, 100))
                            .max()
                            .orElseThrow()),
                    Integer.toString(list.stream().mapToInt(Round::failed).sum()));
        });
        report.note(
                count + " rounds of " + seconds + " s each after one that is not counted; median (least..most) of the"
                        + " rounds. Client, server and handlers in one JVM; the clock of a request starts when it is due.");
        report.note(
                "Nobody reads what the bare handler pushes; what the doors accept is stored by the same JVM meanwhile.");
        report.note("Consumers paused: the door alone, as the bare handler; what it accepted is stored after the round."
                + " Linger of the consumers: " + Bench.size("linger", 0) + " ms.");
        report.note("Wanted: p99 of the legacy route within 1.5 times the bare handler's.");
        report.publish();
    }

    private static double percentile(Round round, double percent) {
        return new Rounds(round.millis()).percentile(percent);
    }

    private static String shown(List<Round> list, double percent) {
        return new Rounds(list.stream().map(r -> percentile(r, percent)).toList()).shown();
    }
}
