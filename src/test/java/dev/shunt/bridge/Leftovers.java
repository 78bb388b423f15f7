package dev.shunt.bridge;

import static java.util.stream.Collectors.joining;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Looks for a text in everything that a service stores. */
record Leftovers(JdbcClient sql, String redisUrl) {

    private static final String TABLES = """
            select schemaname || '.' || tablename from pg_tables
            where schemaname in ('public', 'shunt_shadow') order by 1
            """;

    /** The tables, live or private, with rows that contain it; and the keys of Redis that do. */
    List<String> of(String text) {
        List<String> found = new ArrayList<>();
        for (String table : sql.sql(TABLES).query(String.class).list()) {
            if (sql.sql("select exists (select from " + table + " r where position(? in r::text) > 0)")
                    .param(text)
                    .query(Boolean.class)
                    .single()) {
                found.add(table);
            }
        }
        try (RedisClient client = RedisClient.create(redisUrl);
                var connection = client.connect()) {
            RedisCommands<String, String> redis = connection.sync();
            redis.keys("*").stream()
                    .filter(key -> key.contains(text) || content(redis, key).contains(text))
                    .forEach(found::add);
        }
        return found;
    }

    private static String content(RedisCommands<String, String> redis, String key) {
        return switch (redis.type(key)) {
            case "none" -> "";
            case "string" -> String.valueOf(redis.get(key));
            case "hash" ->
                redis.hgetall(key).entrySet().stream().map(String::valueOf).collect(joining("\n"));
            case "list" -> String.join("\n", redis.lrange(key, 0, -1));
            case "set" -> String.join("\n", redis.smembers(key));
            case "zset" -> String.join("\n", redis.zrange(key, 0, -1));
            default -> throw new AssertionError(key + " is a " + redis.type(key) + ": look into it here too");
        };
    }
}
