package dev.shunt.cli.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.cli.RedisList;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;

/** What a run ran on, in one line. */
final class Environment {

    private Environment() {}

    static String of(Backends backends) throws IOException, InterruptedException, SQLException {
        return "commit %s; %d cores, load average %s; Java %s; Postgres %s, Redis %s, Temporal %s"
                .formatted(
                        commit(),
                        Runtime.getRuntime().availableProcessors(),
                        load(),
                        System.getProperty("java.version"),
                        postgres(backends),
                        redis(backends),
                        backends.hasTemporalProcess()
                                ? answer("temporal", "--version").replace("temporal version ", "CLI ")
                                : "in memory");
    }

    /** Of the last minute. */
    static String load() {
        return String.format(
                Locale.ROOT,
                "%.1f",
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    private static String commit() throws IOException, InterruptedException {
        String changed = answer("git", "status", "--porcelain", "--", "src", "scripts", "pom.xml");
        return answer("git", "rev-parse", "--short", "HEAD") + (changed.isEmpty() ? "" : " with changes");
    }

    private static String postgres(Backends backends) throws SQLException {
        try (Connection connection = backends.database();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("show server_version")) {
            row.next();
            return row.getString(1);
        }
    }

    private static String redis(Backends backends) throws IOException {
        try (var redis = new RedisList(backends.redis())) {
            return redis.texts("EVAL", "return {redis.REDIS_VERSION}", "0").getFirst() + " ("
                    + redis.texts("CONFIG", "GET", "appendfsync").getLast() + ")";
        }
    }

    private static String answer(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String answer = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
            return process.waitFor() == 0 ? answer : "unknown";
        } catch (IOException notThere) {
            return "unknown";
        }
    }
}
