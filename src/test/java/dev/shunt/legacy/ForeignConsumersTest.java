package dev.shunt.legacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shunt.core.Preflight.Finding;
import dev.shunt.embedded.RedisServerHandle;
import dev.shunt.embedded.TestBackends;
import dev.shunt.legacy.OldWorkerSettings.Foreign;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two consumers of one list share its messages; the other one is seen before that happens. */
class ForeignConsumersTest {

    /** Long enough for the slowest of them to ask again. */
    private static final Duration WATCH = Duration.ofMillis(1_500);

    private final String url = TestBackends.freshRedisUrl();
    private final Bench bench = new Bench(url);
    private final RedisClient client = RedisClient.create(url);
    private final StatefulRedisConnection<String, String> other = client.connect();
    private volatile boolean leaving;

    @AfterEach
    void close() {
        leaving = true;
        other.close();
        client.shutdown();
        bench.close();
    }

    @Test
    void shunts_own_consumers_and_producers_are_no_hindrance() {
        bench.start("one");
        other.sync().lpush("tiny:other", "x");

        assertThat(check(Foreign.REFUSE)).isInstanceOf(Finding.Pass.class);
    }

    @Test
    void an_old_worker_on_the_same_list_is_refused_with_its_address_and_stops_the_start() {
        popping(TinyWorkload.KEYS.queue());

        assertThat(check(Foreign.REFUSE))
                .isInstanceOfSatisfying(
                        Finding.Refused.class,
                        refused -> assertThat(refused.whatToDo())
                                .contains("takes from tiny:queue", "shunt.legacy.queue")
                                .containsPattern("client [0-9.]+:\\d+ \\(brpop\\)"));
        var start = new ForeignConsumersAtStart(foreign(Foreign.REFUSE), TinyWorkload.CATALOG);
        assertThatThrownBy(start::start).hasMessageContaining("takes from tiny:queue");
        assertThat(check(Foreign.WARN))
                .isInstanceOfSatisfying(
                        Finding.Pass.class, pass -> assertThat(pass.seen()).contains("tolerated"));
    }

    @Test
    void a_worker_on_a_list_of_its_own_is_left_alone() {
        popping("tiny:outside");

        assertThat(check(Foreign.REFUSE)).isInstanceOf(Finding.Pass.class);
    }

    @Test
    void shunts_own_consumer_seen_on_the_list_meanwhile_is_not_taken_for_the_other_one() {
        bench.start("one"); // asks for the next message many times meanwhile
        popping("tiny:outside");

        assertThat(check(Foreign.REFUSE)).isInstanceOf(Finding.Pass.class);
    }

    @Test
    void who_takes_from_another_list_first_and_then_from_this_one_is_found() {
        asking(() -> {
            for (int times = 0; times < 4; times++) {
                other.sync().brpop(0.2, "tiny:outside");
            }
            other.sync().brpop(0.2, TinyWorkload.KEYS.queue());
        });

        assertThat(check(Foreign.REFUSE))
                .isInstanceOfSatisfying(
                        Finding.Refused.class,
                        refused -> assertThat(refused.whatToDo()).contains("another consumer takes from tiny:queue"));
    }

    @Test
    void who_asks_for_other_things_in_between_is_found() {
        asking(() -> {
            other.sync().bzpopmin(0.6, "tiny:sorted");
            other.sync().brpop(0.3, TinyWorkload.KEYS.queue());
        });
        await().untilAsserted(() -> assertThat(bench.redis().clientList()).contains("cmd=bzpopmin"));

        assertThat(check(Foreign.REFUSE))
                .isInstanceOfSatisfying(
                        Finding.Refused.class,
                        refused -> assertThat(refused.whatToDo()).contains("another consumer takes from tiny:queue"));
    }

    @Test
    void without_redis_nothing_is_known_and_nothing_refused() {
        RedisServerHandle gone = TestBackends.dedicatedRedis();
        var settings = new RedisSettings(gone.url(), Duration.ofSeconds(1));
        var connections = new RedisConnections(settings);
        gone.stop();
        try {
            assertThat(new ForeignConsumers(connections, settings, TinyWorkload.CATALOG, Foreign.REFUSE)
                            .check(TinyWorkload.TINY))
                    .isInstanceOf(Finding.Unknown.class);
        } finally {
            connections.destroy();
            gone.close();
        }
    }

    private void popping(String list) {
        popping(list, 1);
    }

    private void popping(String list, int seconds) {
        asking(() -> other.sync().brpop(seconds, list));
        await().untilAsserted(() -> assertThat(bench.redis().clientList()).contains("cmd=brpop"));
    }

    private void asking(Runnable round) {
        Thread.ofPlatform().daemon().start(() -> {
            while (!leaving) {
                try {
                    round.run();
                } catch (RedisException closed) {
                    return;
                }
            }
        });
    }

    private Finding check(Foreign answer) {
        return foreign(answer).check(TinyWorkload.TINY);
    }

    private ForeignConsumers foreign(Foreign answer) {
        return new ForeignConsumers(
                bench.connections, new RedisSettings(url, Duration.ofSeconds(2)), TinyWorkload.CATALOG, answer, WATCH);
    }
}
