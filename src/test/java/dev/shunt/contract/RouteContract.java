package dev.shunt.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.core.Bucket;
import dev.shunt.core.Epoch;
import dev.shunt.core.InFlight;
import dev.shunt.core.Item;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Percentage;
import dev.shunt.core.Route;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.RouteGateway;
import dev.shunt.core.RouteGateway.Dispatch;
import dev.shunt.core.WayIn;
import dev.shunt.embedded.RedisServerHandle;
import dev.shunt.embedded.TestBackends;
import dev.shunt.workloads.echo.EchoMessage;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What both routes promise, whatever they are made of. Runs the echo workload on a real Redis and Postgres. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class RouteContract {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final DataSource database = TestBackends.migratedDatabase();
    private final RedisServerHandle redis = TestBackends.dedicatedRedis();

    @SuppressWarnings("NullAway.Init") // made for each test
    private Running running;

    /** One instance of the route at work. */
    public interface Running extends AutoCloseable {
        RouteGateway gateway();

        InFlight inFlight();

        FaultyHandler handler();

        /** Does what the route's own background work would do with leftovers. */
        void sweep();

        @Override
        void close();
    }

    protected abstract Route route();

    protected abstract Running start(String redisUrl, DataSource database);

    @BeforeEach
    void begin() {
        running = start(redis.url(), database);
    }

    @AfterEach
    void end() {
        running.close();
    }

    private static Item item(String text) {
        return new EchoMessage(UUID.randomUUID().toString(), "p", text).item(WayIn.HTTP, Instant.now());
    }

    private RouteDecision decision() {
        Percentage percentage = route() == Route.TEMPORAL ? Percentage.ALL : Percentage.ZERO;
        return RouteDecision.byFlag(new Bucket(812), percentage, new Epoch(7));
    }

    private Dispatch dispatch(Item item) {
        return running.gateway().dispatch(item, decision());
    }

    private void awaitDone(Item item) {
        await().atMost(SOON).untilAsserted(() -> {
            running.sweep();
            assertThat(running.inFlight().census(EchoMessage.ECHO).book()).doesNotContainKey(item.key());
        });
        assertThat(rows("echo", item.key())).isEqualTo(1);
        assertThat(rows("ledger", item.key())).isEqualTo(1);
    }

    private int rows(String table, ItemKey key) {
        try (Connection connection = database.getConnection();
                PreparedStatement count =
                        connection.prepareStatement("select count(*) from " + table + " where item_key = ?")) {
            count.setString(1, key.value());
            try (ResultSet rows = count.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        } catch (SQLException fault) {
            throw new IllegalStateException("rows of " + table + " could not be counted", fault);
        }
    }

    @Test
    void an_item_leaves_one_result_and_nothing_in_flight() {
        Item item = item("once");

        assertThat(dispatch(item)).isInstanceOfSatisfying(Dispatch.Accepted.class, accepted -> {
            assertThat(accepted.decision()).isEqualTo(decision());
            assertThat(accepted.workflowId() != null).isEqualTo(route() == Route.TEMPORAL);
        });

        awaitDone(item);
        assertThat(running.gateway().route()).isEqualTo(route());
    }

    @Test
    void the_same_item_twice_leaves_one_result() {
        Item item = item("twice");

        running.handler().whileWaiting(() -> {
            assertThat(dispatch(item)).isInstanceOf(Dispatch.Accepted.class);
            assertThat(dispatch(item))
                    .isInstanceOfSatisfying(
                            Dispatch.Duplicate.class,
                            duplicate -> assertThat(duplicate.route()).isEqualTo(route()));
        });

        awaitDone(item);
    }

    @Test
    void an_item_sent_again_after_it_is_done_leaves_one_result() {
        Item item = item("again");
        dispatch(item);
        awaitDone(item);

        assertThat(dispatch(item)).isNotInstanceOf(Dispatch.Refused.class);

        awaitDone(item);
    }

    @Test
    void a_crash_between_commit_and_settle_loses_nothing_and_stores_nothing_twice() {
        running.handler().loseNextAnswer();
        Item item = item("crash");

        dispatch(item);

        awaitDone(item);
        assertThat(running.handler().spent()).isTrue();
    }

    @Test
    void a_transient_fault_delays_an_item_and_never_drops_it() {
        running.handler().failNext(2);
        Item item = item("delayed");

        dispatch(item);

        awaitDone(item);
        assertThat(running.handler().spent()).isTrue();
    }

    @Test
    void an_item_at_work_can_be_described_and_an_unknown_one_cannot() {
        Item item = item("described");

        running.handler().whileWaiting(() -> {
            dispatch(item);
            assertThat(running.gateway().describe(EchoMessage.ECHO, item.key()))
                    .hasValueSatisfying(found -> assertThat(found.route()).isEqualTo(route()));
        });

        Item unknown = item("unknown");
        assertThat(running.gateway().describe(EchoMessage.ECHO, unknown.key())).isEmpty();
        assertThat(running.gateway().cancel(EchoMessage.ECHO, unknown.key(), "test"))
                .isFalse();
        assertThat(running.gateway().signal(EchoMessage.ECHO, unknown.key(), "go", "\"test\"".getBytes(UTF_8)))
                .isFalse();
        awaitDone(item);
    }

    @Test
    void while_redis_is_away_an_item_is_refused_and_can_be_sent_again() {
        Item item = item("refused");
        redis.stop();
        try {
            assertThat(dispatch(item))
                    .isInstanceOfSatisfying(
                            Dispatch.Refused.class,
                            refused -> assertThat(refused.retryAfter()).isPositive());
        } finally {
            redis.start();
        }

        await().atMost(SOON).until(() -> !(dispatch(item) instanceof Dispatch.Refused));
        awaitDone(item);
    }
}
