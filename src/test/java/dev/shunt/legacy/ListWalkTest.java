package dev.shunt.legacy;

import static dev.shunt.legacy.TinyWorkload.KEYS;
import static dev.shunt.legacy.TinyWorkload.TINY;
import static dev.shunt.legacy.TinyWorkload.item;
import static dev.shunt.legacy.TinyWorkload.key;
import static dev.shunt.legacy.TinyWorkload.message;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.embedded.TestBackends;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Looking for keys in the lists. */
class ListWalkTest {

    private final Bench bench = new Bench(TestBackends.freshRedisUrl());
    private final RedisInFlight inFlight = bench.inFlight;

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void keys_are_found_in_every_list_stamped_or_not() {
        inFlight.acceptOnLegacy(item("stamped"), bench.decision("stamped"));
        bench.push("in-hand");
        bench.list("one", 0, 1).fetch(1, Duration.ofMillis(100));
        for (int i = 0; i < 600; i++) {
            bench.push("i" + i);
        }
        bench.redis().lpush(KEYS.recovered(), message("recovered"));
        bench.push("{\"no\":1}".getBytes(UTF_8));

        var sought = Set.of(key("stamped"), key("in-hand"), key("recovered"), key("i0"), key("i599"), key("gone"));
        assertThat(inFlight.presentOnLegacy(TINY, sought))
                .containsExactlyInAnyOrder(key("stamped"), key("in-hand"), key("recovered"), key("i0"), key("i599"));
    }

    @Test
    void a_look_through_a_list_of_large_messages_takes_a_few_of_them_at_a_time() {
        byte[] large = ("{\"filler\":\"" + "x".repeat(3_000_000) + "\"}").getBytes(UTF_8);
        for (int i = 0; i < 12; i++) {
            bench.redis().lpush(KEYS.queue(), large);
        }
        bench.push("last");

        assertThat(Script.PEEK
                        .run(
                                bench.redis(),
                                List.of(KEYS.queue()),
                                new Script.Arguments().and(1).and(500).and(8_000_000))
                        .size())
                .isEqualTo(3);
        assertThat(inFlight.presentOnLegacy(TINY, Set.of(key("last"), key("gone"))))
                .containsExactly(key("last"));
    }
}
