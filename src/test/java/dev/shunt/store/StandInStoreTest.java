package dev.shunt.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.shunt.core.InFlight;
import dev.shunt.core.Item;
import dev.shunt.core.ItemKey;
import dev.shunt.core.StandIn;
import dev.shunt.core.Workload;
import dev.shunt.embedded.TestBackends;
import dev.shunt.workloads.trace.TestTraces;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class StandInStoreTest {

    private static final Workload TRACE = new Workload("trace");

    @Test
    void every_look_gives_its_connection_back() {
        var config = new HikariConfig();
        config.setDataSource(TestBackends.migratedDatabase());
        config.setMaximumPoolSize(1);
        config.setConnectionTimeout(1_000);
        try (var pool = new HikariDataSource(config)) {
            StandIn standIn = TestStandIn.in(pool);
            assertThatCode(() -> {
                        for (int look = 0; look < 3; look++) {
                            assertThat(standIn.open(TRACE, Instant.now())).isEmpty();
                            assertThat(standIn.size(TRACE)).isZero();
                            assertThat(standIn.giveBack(TRACE, 10, standing -> {}))
                                    .isZero();
                        }
                    })
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void large_items_are_read_and_given_back_a_few_at_a_time_in_their_order() {
        var database = TestBackends.migratedDatabase();
        StandIn standIn = TestStandIn.in(database);
        List<ItemKey> keys = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Item item = large("large" + i);
            standIn.keep(item, TestTraces.onLegacy(item));
            keys.add(item.key());
        }

        assertThat(standIn.open(TRACE, Instant.parse("2026-11-22T12:00:00Z")))
                .extracting(InFlight.Open::key)
                .containsExactlyElementsOf(keys);
        List<ItemKey> taken = new ArrayList<>();
        assertThat(standIn.giveBack(
                        TRACE, 10, standing -> taken.add(standing.item().key())))
                .isEqualTo(2);
        while (standIn.giveBack(TRACE, 10, standing -> taken.add(standing.item().key())) > 0) {}
        assertThat(taken).containsExactlyElementsOf(keys);
    }

    @Test
    void items_that_are_taken_slowly_leave_before_the_server_ends_the_session() throws IOException {
        var config = new HikariConfig();
        config.setDataSource(TestBackends.migratedDatabase());
        config.setMaximumPoolSize(2);
        config.setConnectionInitSql("set idle_in_transaction_session_timeout = 3000");
        try (var pool = new HikariDataSource(config)) {
            StandIn standIn = TestStandIn.in(pool, Duration.ofMillis(150));
            for (int i = 0; i < 40; i++) {
                Item item = TestTraces.item("slow" + i, Instant.parse("2026-11-21T12:00:00Z"));
                standIn.keep(item, TestTraces.onLegacy(item));
            }

            int taken = standIn.giveBack(TRACE, 200, standing -> LockSupport.parkNanos(100_000_000));

            assertThat(taken).isBetween(1, 39);
            assertThat(standIn.size(TRACE)).isEqualTo(40 - taken);
            assertThat(standIn.giveBack(TRACE, 200, standing -> {})).isPositive();
        }
        String settings = new String(
                StandInStore.class.getResourceAsStream("/application.yaml").readAllBytes(), UTF_8);
        assertThat(settings)
                .as("a batch and one start-deadline of 10 s come before it")
                .contains("idle_in_transaction_session_timeout = 15000");
        assertThat(StandInStore.GIVING.plusSeconds(10)).isLessThan(Duration.ofSeconds(15));
    }

    private static Item large(String trace) {
        Item item = TestTraces.item(trace, Instant.parse("2026-11-21T12:00:00Z"));
        byte[] message = ("{\"filler\":\"" + "x".repeat(3_000_000) + "\"}").getBytes(UTF_8);
        return new Item(
                TRACE, item.key(), item.routingKey(), message, item.wayIn(), item.acceptedAt(), item.evidence());
    }
}
