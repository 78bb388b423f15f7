package dev.shunt.legacy;

import static dev.shunt.legacy.TinyWorkload.KEYS;
import static dev.shunt.legacy.TinyWorkload.TINY;
import static dev.shunt.legacy.TinyWorkload.item;
import static dev.shunt.legacy.TinyWorkload.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shunt.core.Epoch;
import dev.shunt.core.UnavailableException;
import dev.shunt.embedded.TestBackends;
import io.lettuce.core.LMoveArgs;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replies that are lost after their command went through. */
class GenerationTest {

    private final String url = TestBackends.freshRedisUrl();
    private final Bench bench = new Bench(url);
    private final CuttingProxy proxy = new CuttingProxy(url);

    @AfterEach
    void close() {
        bench.close();
        proxy.close();
    }

    @Test
    void the_hole_is_real_a_lost_fetch_then_another_and_a_plain_delete_lose_the_first_message() {
        bench.push("first", "second");
        String list = KEYS.queue() + ":naive";
        bench.redis().blmove(KEYS.queue(), list, LMoveArgs.Builder.rightLeft(), 1); // its reply never arrives
        byte[] handled = bench.redis().blmove(KEYS.queue(), list, LMoveArgs.Builder.rightLeft(), 1);
        bench.redis().del(list);
        assertThat(handled).isEqualTo(TinyWorkload.message("second"));
        assertThat(bench.redis().exists(KEYS.queue(), list)).isZero();
    }

    /** A fetch of the first, a fetch of more, the tap's booking, the acknowledgement: of each the reply is lost once. */
    @ParameterizedTest
    @ValueSource(strings = {"BLMOVE", "fetch-more", "tap-book", "acknowledge"})
    void a_reply_that_is_lost_loses_and_repeats_nothing(String step) {
        bench.start("one", Bench.settings(1, 4, LegacySettings.Pop.BLMOVE), proxy.url(), bench.handler);
        bench.push("warm-up");
        await().untilAsserted(() -> assertThat(bench.handler.ids()).containsExactly("warm-up"));
        bench.paused.pause(TINY);
        bench.push("a", "b", "c", "d", "e", "f");
        proxy.loseReplyTo(
                switch (step) {
                    case "BLMOVE" -> step;
                    default -> digest(step);
                });
        bench.paused.resume(TINY);

        await().untilAsserted(() -> assertThat(proxy.cuts()).isEqualTo(1));
        await().untilAsserted(
                        () -> assertThat(bench.handler.ids()).containsExactly("warm-up", "a", "b", "c", "d", "e", "f"));
        assertThat(bench.handler.repeated()).isEmpty();
        await().untilAsserted(() -> {
            assertThat(bench.inFlight.census(TINY).book()).isEmpty();
            assertThat(bench.inFlight.census(TINY).processing()).isZero();
        });
    }

    @Test
    void what_was_decided_before_a_lost_reply_stands_when_the_flag_has_changed_since() {
        bench.start("one", Bench.settings(1, 4, LegacySettings.Pop.BLMOVE), proxy.url(), bench.handler);
        proxy.beforeCut(() -> bench.epoch = new Epoch(9));
        proxy.loseReplyTo(digest("tap-book"));
        bench.push("a");
        await().untilAsserted(() -> assertThat(bench.handler.ids()).containsExactly("a"));
        assertThat(proxy.cuts()).isEqualTo(1);
        assertThat(bench.handler.stampOf(key("a")).decision().epoch()).isEqualTo(new Epoch(7));
    }

    @Test
    void a_step_of_the_door_whose_reply_is_lost_is_not_sent_again_behind_its_back() {
        var connections = new RedisConnections(new RedisSettings(proxy.url(), Duration.ofSeconds(5)));
        try {
            RedisInFlight inFlight = Bench.inFlight(connections);
            inFlight.acceptOnLegacy(item("warm-up"), bench.decision("warm-up"));
            proxy.loseReplyTo(digest("accept-on-legacy"));

            assertThatThrownBy(() -> inFlight.acceptOnLegacy(item("a"), bench.decision("a")))
                    .isInstanceOf(UnavailableException.class);

            await().ignoreExceptions().until(() -> inFlight.find(TINY, key("a")).isPresent());
            assertThat(bench.inFlight.census(TINY).doorDuplicates().values()).allMatch(count -> count == 0);
        } finally {
            connections.destroy();
        }
    }

    @Test
    void after_a_lost_reply_the_next_fetch_goes_into_a_list_with_a_new_name() {
        bench.start("one", Bench.settings(1, 4, LegacySettings.Pop.BLMOVE), proxy.url(), bench.handler);
        proxy.loseReplyTo("BLMOVE");
        bench.push("a");
        await().untilAsserted(() -> assertThat(bench.handler.ids()).containsExactly("a"));
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(bench.redis().smembers(KEYS.consumers()))
                        .extracting(String::new)
                        .containsExactlyInAnyOrder("tiny:queue:proc:one:0:1", "tiny:queue:proc:one:0:2"));
        bench.redis().lpush("tiny:queue:proc:one:0:1", TinyWorkload.message("late"));
        await().untilAsserted(() -> assertThat(bench.handler.ids()).containsExactly("a", "late"));
    }

    private static String digest(String script) {
        return Script.valueOf(script.toUpperCase(java.util.Locale.ROOT).replace('-', '_'))
                .digest();
    }
}
