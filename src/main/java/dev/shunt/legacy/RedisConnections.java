package dev.shunt.legacy;

import dev.shunt.core.UnavailableException;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;

/**
 * Connections to Redis: one shared and pipelined for short steps, and an own one for each consumer, whose blocking fetch
 * would stall everybody else. Nothing connects before it is needed, so Shunt starts while Redis is away. No command is
 * ever sent again behind the caller's back: an unanswered step is the caller's to judge.
 */
final class RedisConnections implements DisposableBean {

    private static final RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);
    /** By this name Shunt knows its own among Redis's clients. */
    static final String NAME = "shunt";

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final RedisSettings settings;
    private final RedisRefusals refusals;
    private final ClientResources resources;
    private final RedisClient sharing;
    private final RedisClient owning;
    private final ReentrantLock connecting = new ReentrantLock();
    private volatile @Nullable StatefulRedisConnection<String, byte[]> shared;

    RedisConnections(RedisSettings settings) {
        this(settings, CommandLatencyRecorder.disabled(), RedisRefusals.UNCOUNTED);
    }

    /**
     * @param latencies is told how long each command took
     * @param refusals is told what failed
     */
    RedisConnections(RedisSettings settings, CommandLatencyRecorder latencies, RedisRefusals refusals) {
        this.settings = settings;
        this.refusals = refusals;
        RedisURI uri = RedisURI.create(settings.url());
        uri.setTimeout(settings.timeout());
        uri.setClientName(NAME);
        resources = DefaultClientResources.builder()
                .commandLatencyRecorder(latencies)
                .reconnectDelay(
                        Delay.exponential(Duration.ofMillis(20), Duration.ofMillis(500), 2, TimeUnit.MILLISECONDS))
                .build();
        sharing = RedisClient.create(resources, uri);
        sharing.setOptions(options()
                .autoReconnect(true)
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .replayFilter(anyCommand -> true)
                .build());
        owning = RedisClient.create(resources, uri);
        owning.setOptions(options().autoReconnect(false).build());
    }

    private ClientOptions.Builder options() {
        return ClientOptions.builder()
                .requestQueueSize(settings.queue())
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(settings.timeout())
                        .keepAlive(true)
                        .build());
    }

    /**
     * Does one short step on the shared connection.
     *
     * @param step what is done, for the message of the fault
     * @throws UnavailableException if Redis is away or did not answer in time
     */
    <T> T step(String step, Function<RedisCommands<String, byte[]>, T> commands) {
        try {
            return commands.apply(shared().sync());
        } catch (RedisException away) {
            refusals.count(away);
            throw new UnavailableException("Redis did not answer while " + step, RETRY_AFTER, away);
        }
    }

    /** A connection of one's own that ends with its first fault; the caller closes it. */
    StatefulRedisConnection<String, byte[]> own(Duration commandTimeout) {
        StatefulRedisConnection<String, byte[]> connection = owning.connect(CODEC);
        connection.setTimeout(commandTimeout);
        return connection;
    }

    private StatefulRedisConnection<String, byte[]> shared() {
        StatefulRedisConnection<String, byte[]> open = shared;
        if (open != null) {
            return open;
        }
        awaitTurn();
        try {
            open = shared;
            if (open == null) {
                open = sharing.connect(CODEC);
                shared = open;
            }
            return open;
        } finally {
            connecting.unlock();
        }
    }

    private void awaitTurn() {
        try {
            if (!connecting.tryLock(settings.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
                throw new RedisException("not connected; another caller has been trying for " + settings.timeout());
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new RedisException("interrupted while waiting for a connection", stopped);
        }
    }

    @Override
    public void destroy() {
        sharing.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        owning.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        var unused = resources.shutdown(0, 1, TimeUnit.SECONDS);
    }
}
