package dev.shunt.legacy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.core.ItemSizes.Size;
import dev.shunt.embedded.TestBackends;
import java.time.Clock;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A backlog of large messages is measured without holding it in memory at once, or the connection for long. */
class QueuedSizesTest {

    private static final int LARGE = 3_000_000;
    private static final int WAITING = 8;

    @Test
    void large_messages_are_read_a_few_at_a_time_and_each_is_counted_once() {
        var settings = new RedisSettings(TestBackends.freshRedisUrl(), Duration.ofSeconds(5));
        var redis = new RedisConnections(settings);
        try {
            for (int i = 0; i < WAITING; i++) {
                String message = "x".repeat(LARGE + i);
                redis.step("filling", commands -> commands.lpush(TinyWorkload.KEYS.queue(), message.getBytes(UTF_8)));
            }
            var sizes =
                    new QueuedSizes(redis, TinyWorkload.CATALOG, anyWorkload -> TinyWorkload::read, Clock.systemUTC());

            long before = reads(redis);
            assertThat(sizes.recent(TinyWorkload.TINY, 100))
                    .extracting(Size::bytes)
                    .containsExactlyElementsOf(LongStream.range(0, WAITING)
                            .map(i -> LARGE + WAITING - 1 - i)
                            .boxed()
                            .toList());
            assertThat(reads(redis) - before).isGreaterThanOrEqualTo(WAITING * LARGE / (8_000_000 + LARGE));
            assertThat(sizes.recent(TinyWorkload.TINY, 5)).hasSize(5);
        } finally {
            redis.destroy();
        }
    }

    /** How often a script was run in this Redis. */
    private static long reads(RedisConnections redis) {
        return redis.step("counting", commands -> commands.info("commandstats"))
                .lines()
                .filter(line -> line.startsWith("cmdstat_eval"))
                .mapToLong(line -> Long.parseLong(line.replaceAll(".*:calls=(\\d+),.*", "$1")))
                .sum();
    }
}
