package dev.shunt.oldworker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The old Node worker's loop: BRPOP, one message at a time, at most once; unreadable JSON is dropped; whatever goes wrong,
 * the unchanged message goes to the dead-letter list.
 */
public final class OldNodeWorker implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final RedisClient client;
    private final StatefulRedisConnection<String, byte[]> redis;
    private final String queue;
    private final String deadLetters;
    private final DataSource database;
    private final OldProcessor processor;
    private final List<String> taken = new CopyOnWriteArrayList<>();
    private @Nullable Thread loop;
    private volatile boolean stopping;

    /** @param zone the worker's own time zone, by which it tells days */
    public OldNodeWorker(String redisUrl, String queue, String deadLetters, DataSource database, ZoneId zone) {
        this(redisUrl, queue, deadLetters, database, zone, Set.of());
    }

    public OldNodeWorker(
            String redisUrl, String queue, String deadLetters, DataSource database, ZoneId zone, Set<Quirk> quirks) {
        this.client = RedisClient.create(redisUrl);
        this.redis = client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
        this.queue = queue;
        this.deadLetters = deadLetters;
        this.database = database;
        this.processor = new OldProcessor(zone, quirks);
    }

    /** A worker in a process of its own, to be killed: Redis, list, dead-letter list, JDBC URL. */
    public static void main(String[] args) {
        var database = new PGSimpleDataSource();
        database.setUrl(args[3]);
        try (var worker = new OldNodeWorker(args[0], args[1], args[2], database, ZoneOffset.UTC)) {
            while (true) {
                worker.next(5);
            }
        }
    }

    public void start() {
        loop = Thread.ofPlatform().daemon().name("old-worker").start(() -> {
            while (!stopping) {
                try {
                    next(1);
                } catch (RedisException closing) {
                    return;
                }
            }
        });
    }

    /** Takes one message, if one comes within these seconds. */
    public boolean next(int seconds) {
        @Nullable KeyValue<String, byte[]> message = redis.sync().brpop(seconds, queue);
        if (message == null) {
            return false;
        }
        handle(message.getValue());
        return true;
    }

    /** Takes a message and dies: at most once. */
    public byte[] loseNext() {
        return redis.sync().brpop(5, queue).getValue();
    }

    /** Goes on with a message that was taken. */
    public void handle(byte[] raw) {
        taken.add(new String(raw, UTF_8));
        JsonNode data;
        try {
            data = JSON.readTree(raw);
        } catch (JacksonException unreadable) {
            return;
        }
        if (data.isNull()) {
            return;
        }
        try (Connection connection = database.getConnection()) {
            connection.setSchema("old");
            processor.process(connection, data);
        } catch (SQLException | RuntimeException fault) {
            redis.sync().lpush(deadLetters, raw);
        }
    }

    /** Every message that came, as it came, in its order. */
    public List<String> taken() {
        return List.copyOf(taken);
    }

    @Override
    public void close() {
        stopping = true;
        Thread running = loop;
        if (running != null) {
            running.interrupt();
        }
        redis.close();
        client.shutdown();
    }
}
