package dev.shunt.bench;

import dev.shunt.embedded.TestBackends;
import io.lettuce.core.RedisClient;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The shared embedded servers, as processes: what they are and what they cost. */
final class Servers {

    private static final Pattern REDIS_PID = Pattern.compile("process_id:(\\d+)");
    private static final Pattern REDIS_VERSION = Pattern.compile("redis_version:(\\S+)");

    private Servers() {}

    /** The machine and Postgres with its durability. */
    static Map<String, String> environment() throws SQLException {
        Map<String, String> environment = Machine.environment();
        environment.put(
                "Postgres",
                ask("select current_setting('server_version') || ', fsync ' || current_setting('fsync')"
                        + " || ', synchronous_commit ' || current_setting('synchronous_commit')"));
        return environment;
    }

    static Map<String, String> environmentWithRedis() throws SQLException {
        Map<String, String> environment = environment();
        environment.put("Redis", find(REDIS_VERSION) + ", appendfsync " + redis("appendfsync"));
        return environment;
    }

    /** Meters this JVM, Postgres and Redis. */
    static Cpu cpu() throws SQLException {
        long backend = Long.parseLong(ask("select pg_backend_pid()::text || ''", Cpu::parent));
        return new Cpu().server("Postgres", backend).server("Redis", Long.parseLong(find(REDIS_PID)));
    }

    private static String ask(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(TestBackends.freshJdbcUrl());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    /** Asks for a process id and looks at that process while its connection is open. */
    private static String ask(String sql, java.util.function.LongUnaryOperator look) throws SQLException {
        try (Connection connection = DriverManager.getConnection(TestBackends.freshJdbcUrl());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return Long.toString(look.applyAsLong(Long.parseLong(rows.getString(1))));
        }
    }

    private static String find(Pattern pattern) {
        try (RedisClient client = RedisClient.create(TestBackends.freshRedisUrl());
                var connection = client.connect()) {
            Matcher found = pattern.matcher(connection.sync().info("server"));
            return found.find() ? found.group(1) : "unknown";
        }
    }

    private static String redis(String setting) {
        try (RedisClient client = RedisClient.create(TestBackends.freshRedisUrl());
                var connection = client.connect()) {
            return String.valueOf(connection.sync().configGet(setting).get(setting));
        }
    }
}
