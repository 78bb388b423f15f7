package dev.shunt.legacy;

import static dev.shunt.legacy.TinyWorkload.KEYS;
import static dev.shunt.legacy.TinyWorkload.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shunt.core.Percentage;
import dev.shunt.core.UnavailableException;
import dev.shunt.embedded.RedisServerHandle;
import dev.shunt.embedded.TestBackends;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Redis has reached its memory limit: nothing new goes in, and what is there comes out. */
class FullRedisTest {

    private final RedisServerHandle server = TestBackends.dedicatedRedis();
    private final Bench bench = new Bench(server.url());

    @BeforeEach
    void fillUp() {
        bench.push(ids().toArray(String[]::new));
        bench.redis().lpush(KEYS.recovered(), TinyWorkload.message("recovered"));
        bench.redis().configSet("maxmemory-policy", "noeviction");
        bench.redis().configSet("maxmemory", "1mb");
        assertThatThrownBy(() -> bench.push("one more")).hasMessageStartingWith("OOM");
    }

    @AfterEach
    void close() {
        bench.close();
        server.close();
    }

    private static List<String> ids() {
        return IntStream.range(0, 100).mapToObj(i -> "i" + i).toList();
    }

    @Test
    void nothing_is_accepted() {
        assertThatThrownBy(() -> bench.inFlight.acceptOnLegacy(item("new"), bench.decision("new")))
                .isInstanceOf(UnavailableException.class);
        assertThatThrownBy(() -> bench.inFlight.register(item("new"), bench.decision("new")))
                .isInstanceOf(UnavailableException.class);
    }

    @Test
    void consumers_go_on_in_order_and_take_again_what_the_dead_had_in_hand() {
        bench.start("one");
        await().untilAsserted(() -> {
            assertThat(bench.handler.ids()).startsWith("recovered").containsAll(ids());
            assertThat(bench.handler.ids().subList(1, 101)).isEqualTo(ids());
        });
        bench.assertNothingInFlight();
    }

    @Test
    void the_tap_goes_on_moving_messages_to_temporal() {
        bench.percentage = Percentage.ALL;
        bench.start("one");
        await().untilAsserted(() -> assertThat(bench.offered).hasSizeGreaterThanOrEqualTo(101));
        assertThat(bench.list(KEYS.queue())).isEmpty();
    }
}
