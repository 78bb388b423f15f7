package dev.shunt.bridge;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.concurrent.TimeUnit;

/** Somebody else's consumer of a list: it asks for the next message again and again until it is closed. */
final class OldWorker implements AutoCloseable {

    private static final String NAME = "old-worker";
    private static final double WAIT_SECONDS = 0.2;

    private final RedisClient client;
    private final StatefulRedisConnection<String, String> worker;
    private volatile boolean leaving;

    OldWorker(String redisUrl, String list) {
        client = RedisClient.create(redisUrl);
        worker = client.connect();
        worker.sync().clientSetname(NAME);
        Thread.ofPlatform().daemon().start(() -> {
            while (!leaving) {
                try {
                    worker.sync().brpop(WAIT_SECONDS, list);
                } catch (RedisException closed) {
                    return;
                }
            }
        });
    }

    /** Where it is connected from, once it waits; empty until then. */
    String address() {
        try (var looking = client.connect()) {
            return looking.sync().clientList().lines()
                    .filter(line -> line.contains(" name=" + NAME + " ") && line.contains(" cmd=brpop "))
                    .map(line -> line.replaceFirst(".* addr=(\\S+) .*", "$1"))
                    .findFirst()
                    .orElse("");
        }
    }

    @Override
    public void close() {
        leaving = true;
        worker.close();
        client.shutdown(0, 1, TimeUnit.SECONDS);
    }
}
