package dev.shunt.cli.chaos;

import dev.shunt.cli.RedisList;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** Waits until nothing is on its way any more, as Redis and Postgres themselves say. */
final class Quiet {

    private final Backends backends;
    private final String project;

    Quiet(Backends backends, String project) {
        this.backends = backends;
        this.project = project;
    }

    /** What is left after so long, by place; empty when all is quiet. */
    Map<String, Long> await(Duration within) throws InterruptedException {
        long giveUp = System.nanoTime() + within.toNanos();
        Map<String, Long> left = left();
        while (!left.isEmpty() && System.nanoTime() < giveUp) {
            Thread.sleep(250);
            left = left();
        }
        return left;
    }

    private Map<String, Long> left() {
        Map<String, Long> left = new TreeMap<>();
        try {
            redis(left);
            // After Redis: whatever left it in between is in Postgres by now.
            postgres(left);
        } catch (IOException | SQLException away) {
            left.put("cannot look: " + away.getMessage(), 1L);
        }
        left.values().removeIf(count -> count == 0);
        return left;
    }

    private void redis(Map<String, Long> left) throws IOException {
        try (var redis = new RedisList(backends.redis())) {
            left.put("book", redis.number("HLEN", "shunt:trace:book"));
            left.put("registry", redis.number("HLEN", "shunt:trace:registry"));
            left.put("list", redis.number("LLEN", "cognobserve:traces"));
            left.put("recovered", redis.number("LLEN", "cognobserve:traces:recovered"));
            for (String list : redis.texts("SMEMBERS", "cognobserve:traces:consumers")) {
                left.merge("processing lists", redis.number("LLEN", list), Long::sum);
            }
        }
    }

    private void postgres(Map<String, Long> left) throws SQLException {
        try (Connection connection = backends.database()) {
            count(
                    connection,
                    "unfinished rows",
                    "select count(*) from ledger where project_id = ? and state in ('OPEN', 'PENDING')",
                    left);
            count(
                    connection,
                    "unchecked rows",
                    "select count(*) from ledger where project_id = ? and state = 'DONE' and checked_at is null",
                    left);
            count(
                    connection,
                    "spans not summarised",
                    "select count(*) from span where project_id = ? and not summarised",
                    left);
        }
    }

    private void count(Connection connection, String what, String sql, Map<String, Long> left) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, project);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                left.put(what, row.getLong(1));
            }
        }
    }
}
