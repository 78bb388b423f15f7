package dev.shunt.cli.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.cli.DemoTrace;
import dev.shunt.cli.RedisList;
import dev.shunt.cli.Shunt;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LongSummaryStatistics;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Measures what is lost when Redis writes its file once a second only. A kill -9 leaves what the kernel already has; a power
 * cut does not, so it is played by cutting the file back to what it was one second earlier. Nothing here is asserted.
 */
final class Everysec {

    private static final Duration QUIET_WITHIN = Duration.ofSeconds(45);
    private static final long CUT_BACK_NANOS = 1_000_000_000L;
    private static final String HEAD = """
            | what happened | consumers | accepted | lost | of those by LPUSH | lost ones were accepted before the kill | Shunt noticed the restart | Shunt said "lost its tail" |
            |---|---|---|---|---|---|---|---|
            """;

    private final Cluster cluster;
    private final long seed;
    private final PrintWriter out;
    private final StringBuilder table = new StringBuilder(HEAD);

    Everysec(Cluster cluster, long seed, PrintWriter out) {
        this.cluster = cluster;
        this.seed = seed;
        this.out = out;
    }

    /** The table, in Markdown. */
    String run(int times) throws IOException, InterruptedException, SQLException {
        for (int time = 0; time < times; time++) {
            for (boolean behind : new boolean[] {false, true}) {
                for (boolean powerCut : new boolean[] {false, true}) {
                    once(
                            "everysec-" + time + (behind ? "-behind" : "") + (powerCut ? "-cut" : ""),
                            time,
                            behind,
                            powerCut);
                }
            }
        }
        return table.toString();
    }

    private void once(String project, int time, boolean behind, boolean powerCut)
            throws IOException, InterruptedException, SQLException {
        var random = new SplittableRandom(seed + time);
        var book = new ChaosBook();
        Instant began = Instant.now();
        cluster.shunt(0).setPercentage(50);
        writeEverySecond();
        long noticed = said("Redis was started anew");
        long told = said("Redis lost its tail");
        Instant killed;
        try (var load = new Load(
                        cluster.doors(), cluster.backends().redis(), project, book, Fault.KILL_REDIS, seed + time);
                var tail = new Tail(file())) {
            load.start();
            Thread.sleep(random.nextInt(2_000, 4_000));
            if (behind) {
                consumers("pause");
                Thread.sleep(2_000);
            }
            killed = Instant.now();
            cluster.backends().kill9(Server.REDIS);
            long cut = powerCut ? tail.cutBack() : 0;
            if (powerCut) {
                out.println("  cut back by " + cut + " bytes");
            }
            cluster.backends().restart(Server.REDIS);
            writeEverySecond();
            if (behind) {
                consumers("resume");
            }
            load.goOn(30);
            load.finish();
        }
        new Quiet(cluster.backends(), project).await(QUIET_WITHIN);
        Findings found = Findings.of(book, Findings.Store.read(cluster.backends(), project, began));
        var before = new LongSummaryStatistics();
        long pushed = 0;
        for (DemoTrace item : found.missing()) {
            before.accept(Duration.between(book.acceptedAt(item), killed).toMillis());
            pushed += item.way() == DemoTrace.Way.LIST ? 1 : 0;
        }
        String row = "| %s | %s | %d | %d | %d | %s | %s | %s |%n"
                .formatted(
                        powerCut ? "last second of the file gone" : "kill -9",
                        behind ? "paused for 2 s" : "keep up",
                        book.acceptedItems(),
                        found.missing().size(),
                        pushed,
                        found.missing().isEmpty() ? "" : before.getMin() + " to " + before.getMax() + " ms",
                        said("Redis was started anew") > noticed ? "yes" : "no",
                        said("Redis lost its tail") > told ? "yes, " + forgotten() : "no");
        table.append(row);
        out.print(row);
        out.flush();
    }

    private void writeEverySecond() throws IOException {
        try (var redis = new RedisList(cluster.backends().redis())) {
            redis.set("appendfsync", "everysec");
        }
    }

    private void consumers(String order) throws IOException, InterruptedException {
        for (Shunt shunt : cluster.doors()) {
            shunt.order("/api/v1/instance/consumers/trace/" + order);
        }
    }

    private String forgotten() throws IOException, InterruptedException {
        JsonNode items = cluster.shunt(0).get("/api/v1/comparison/trace").path("conservation");
        return items.path("forgotten").size() + " of " + items.path("missing").size() + " missing";
    }

    /** How many lines of the services' logs hold this. */
    private long said(String words) throws IOException {
        long lines = 0;
        for (var service : cluster.services()) {
            try (Stream<String> log = Files.lines(service.log(), UTF_8)) {
                lines += log.filter(line -> line.contains(words)).count();
            }
        }
        return lines;
    }

    private Path file() throws IOException {
        Path folder = cluster.folder().resolve("backends/redis/data/appendonlydir");
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".incr.aof"))
                    .max(Path::compareTo)
                    .orElseThrow(() -> new IOException("no append-only file in " + folder));
        }
    }

    /** Knows how long a file was some moments ago. */
    private static final class Tail implements AutoCloseable {

        private final Path file;
        private final Deque<long[]> sizes = new ArrayDeque<>();
        private final Thread watch;

        Tail(Path file) {
            this.file = file;
            watch = Thread.ofPlatform().daemon().name("tail").start(this::watch);
        }

        private void watch() {
            try {
                while (!Thread.currentThread().isInterrupted()) {
                    synchronized (sizes) {
                        sizes.addLast(new long[] {System.nanoTime(), Files.size(file)});
                    }
                    Thread.sleep(10);
                }
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** By how many bytes. */
        long cutBack() throws IOException {
            close();
            long moment = System.nanoTime() - CUT_BACK_NANOS;
            long[] then = null;
            synchronized (sizes) {
                for (long[] size : sizes) {
                    then = size[0] <= moment ? size : then;
                }
            }
            return then == null ? 0 : cut(then[1]);
        }

        private long cut(long length) throws IOException {
            try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                long more = channel.size() - length;
                channel.truncate(length);
                return more;
            }
        }

        @Override
        public void close() {
            watch.interrupt();
        }
    }
}
