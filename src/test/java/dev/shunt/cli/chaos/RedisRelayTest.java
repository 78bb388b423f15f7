package dev.shunt.cli.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.embedded.TestBackends;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.LMoveArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The line between a service and Redis, with the client library that services use. */
class RedisRelayTest {

    private static final long LONG = 10_000;

    private final URI redis = URI.create(TestBackends.freshRedisUrl());
    private final RedisClient client = RedisClient.create();
    private RedisRelay relay;
    private StatefulRedisConnection<String, String> direct;
    private StatefulRedisConnection<String, String> relayed;

    @BeforeEach
    void connect() throws Exception {
        relay = new RedisRelay(redis.getPort());
        client.setOptions(ClientOptions.builder().autoReconnect(false).build());
        direct = client.connect(RedisURI.create(redis.toString()));
        relayed = client.connect(RedisURI.create("redis://127.0.0.1:" + relay.port() + redis.getPath()));
    }

    @AfterEach
    void close() throws Exception {
        relay.release();
        relay.close();
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    }

    @Test
    void answers_stay_with_their_commands_whatever_their_shape() throws Exception {
        List<RedisFuture<String>> echoes = new ArrayList<>();
        List<RedisFuture<?>> others = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            echoes.add(relayed.async().echo("e" + i));
            var set = relayed.async().hset("hash", "k" + i, "v\r\n" + i);
            var nothing = relayed.async().get("absent");
            var empty = relayed.async().lrange("empty", 0, -1);
            others.addAll(List.of(set, nothing, empty));
        }
        for (int i = 0; i < 500; i++) {
            assertThat(echoes.get(i).get(LONG, TimeUnit.MILLISECONDS)).isEqualTo("e" + i);
        }
        for (RedisFuture<?> other : others) {
            assertThat(other.toCompletableFuture()).succeedsWithin(LONG, TimeUnit.MILLISECONDS);
        }
        assertThat(relayed.sync().hgetall("hash")).hasSize(500).containsEntry("k7", "v\r\n7");
    }

    @Test
    void a_cut_answer_belongs_to_a_move_that_redis_did() throws Exception {
        CountDownLatch cut = relay.cut(Step.MOVE);
        assertThat(relayed.sync().blmove("from", "to", LMoveArgs.Builder.rightLeft(), 0.05))
                .isNull();
        assertThat(cut.getCount()).as("nothing was moved yet").isOne();
        direct.sync().lpush("from", "message");
        assertThatThrownBy(() -> relayed.sync().blmove("from", "to", LMoveArgs.Builder.rightLeft(), 5))
                .isInstanceOf(RedisException.class);
        assertThat(cut.await(LONG, TimeUnit.MILLISECONDS)).isTrue();
        assertThat(direct.sync().lrange("to", 0, -1)).containsExactly("message");
    }

    @Test
    void a_registration_that_is_kept_back_meets_the_fence_that_was_raised_meanwhile() throws Exception {
        Held held = relay.hold(Step.REGISTER);
        RedisFuture<List<Object>> answer = register("p:t:d");
        assertThat(held.awaitFirst(LONG)).isTrue();
        assertThat(direct.sync().hlen("registry")).isZero();
        direct.sync().set("fence", "8");
        relay.release();
        assertThat(answer.get(LONG, TimeUnit.MILLISECONDS).getFirst()).isEqualTo("FENCED");
        assertThat(held.keys()).containsExactly("p:t:d");
        assertThat(held.refused()).isOne();
        assertThat(held.admitted()).isZero();
    }

    @Test
    void a_registration_that_comes_through_is_seen_to() throws Exception {
        Held held = relay.hold(Step.REGISTER);
        RedisFuture<List<Object>> answer = register("p:t:d");
        assertThat(held.awaitFirst(LONG)).isTrue();
        relay.release();
        assertThat(answer.get(LONG, TimeUnit.MILLISECONDS).getFirst()).isEqualTo("REGISTERED");
        assertThat(held.admitted()).isOne();
    }

    private RedisFuture<List<Object>> register(String key) throws Exception {
        try (InputStream script = Objects.requireNonNull(Step.class.getResourceAsStream("/legacy/register.lua"))) {
            String[] keys = {"book", "registry", "age", "fence", "stop", "duplicates"};
            return relayed.async()
                    .eval(
                            new String(script.readAllBytes(), UTF_8),
                            ScriptOutputType.MULTI,
                            keys,
                            key,
                            "TEMPORAL|7|1",
                            "{}",
                            "7",
                            "1");
        }
    }
}
