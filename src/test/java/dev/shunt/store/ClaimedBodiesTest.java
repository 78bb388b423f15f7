package dev.shunt.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.contract.InMemoryInFlight;
import dev.shunt.core.Bucket;
import dev.shunt.core.Claim;
import dev.shunt.core.Epoch;
import dev.shunt.core.Item;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Percentage;
import dev.shunt.core.Route;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.RouteGateway;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.WayIn;
import dev.shunt.core.Workload;
import dev.shunt.embedded.TestBackends;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.SplittableRandom;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class ClaimedBodiesTest {

    private static final Workload TRACE = new Workload("trace");
    private static final Instant START = Instant.parse("2026-11-21T22:00:00Z");
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final byte[] BODY = "{\"a\":1}".getBytes(UTF_8);

    private final DataSource database = TestBackends.migratedDatabase();
    private final JdbcClient sql = JdbcClient.create(database);
    private final InMemoryInFlight inFlight = new InMemoryInFlight();
    private final TemporalOfOneStatus temporal = new TemporalOfOneStatus();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private ClaimedBodyStore store = at(START);

    /** Held, as a gauge does not hold what it shows. */
    private @Nullable ClaimKeeper keeper;

    @AfterEach
    void close() {
        store.destroy();
    }

    @Test
    void a_body_is_kept_once_and_read_back_byte_for_byte() {
        byte[] body = new byte[6 * 1024 * 1024];
        new SplittableRandom(7).nextBytes(body);

        Claim claim = store.keep(TRACE, key("large"), body, SOON);
        store.keep(TRACE, key("large"), body, SOON);

        assertThat(claim).isEqualTo(Claim.of(body));
        assertThat(store.find(TRACE, key("large"), claim)).hasValue(body);
        assertThat(store.find(TRACE, key("other"), claim)).isEmpty();
        assertThat(bodies()).isEqualTo(1);
    }

    @Test
    void an_item_that_is_accepted_again_needs_no_second_body() {
        var decision = RouteDecision.byFlag(new Bucket(1), Percentage.ALL, new Epoch(7));
        for (int day : new int[] {0, 1}) {
            var item = new Item(TRACE, key("twice"), "p", BODY, WayIn.HTTP, START.plus(Duration.ofDays(day)), "");
            store.keep(TRACE, item.key(), item.stamp(decision).appendTo(BODY), SOON);
        }

        assertThat(bodies()).isEqualTo(1);
        assertThat(store.find(TRACE, key("twice"), Claim.of(BODY))).isPresent();
    }

    @Test
    void a_write_that_is_stuck_ends_for_its_caller_in_time() throws SQLException {
        try (Connection other = database.getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("lock table claimed_body in access exclusive mode");
            long begun = System.nanoTime();

            assertThatThrownBy(() -> store.keep(TRACE, key("stuck"), BODY, Duration.ofMillis(300)))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("300 ms");

            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isBetween(Duration.ofMillis(300), SOON);
            other.rollback();
        }
    }

    @Test
    void a_body_goes_when_its_item_has_been_settled_for_the_retention() {
        store.keep(TRACE, key("done"), BODY, SOON);
        store.keep(TRACE, key("dead"), BODY, SOON);
        ledger("done", START.plus(Duration.ofDays(10)));
        deadLetter("dead", START.plus(Duration.ofDays(10)));

        look(START.plus(Duration.ofDays(39)));
        assertThat(bodies()).isEqualTo(2);
        assertThat(orphans()).isZero();

        look(START.plus(Duration.ofDays(41)));
        assertThat(bodies()).isZero();
        assertThat(purged("settled")).isEqualTo(2);
    }

    @Test
    void a_body_of_an_item_in_flight_stays_however_old_it_is() {
        store.keep(TRACE, key("waiting"), BODY, SOON);
        inFlight.register(
                new Item(TRACE, key("waiting"), "p", BODY, WayIn.HTTP, START, ""),
                RouteDecision.byFlag(new Bucket(1), Percentage.ALL, new Epoch(7)));

        look(START.plus(Duration.ofDays(400)));

        assertThat(bodies()).isEqualTo(1);
        assertThat(orphans()).isZero();
    }

    @Test
    void an_orphan_is_counted_at_once_and_purged_after_the_retention() {
        store.keep(TRACE, key("orphan"), BODY, SOON);

        look(START.plus(Duration.ofMinutes(2)));
        assertThat(orphans()).isEqualTo(1);
        assertThat(bodies()).isEqualTo(1);

        look(START.plus(Duration.ofDays(31)));
        assertThat(orphans()).isZero();
        assertThat(bodies()).isZero();
        assertThat(purged("orphaned")).isEqualTo(1);
    }

    @Test
    void a_body_that_an_open_workflow_waits_for_is_kept_on_and_purged_after_its_end() {
        store.keep(TRACE, key("open"), BODY, SOON);
        temporal.status = "RUNNING";
        look(START.plus(Duration.ofDays(31)));
        assertThat(bodies()).isEqualTo(1);
        assertThat(orphans()).isZero();

        temporal.status = "TERMINATED";
        look(START.plus(Duration.ofDays(60)));
        assertThat(bodies()).as("renewed at the look before").isEqualTo(1);
        look(START.plus(Duration.ofDays(62)));
        assertThat(bodies()).isZero();
    }

    @Test
    void nothing_is_purged_while_temporal_cannot_be_asked() {
        store.keep(TRACE, key("unknown"), BODY, SOON);
        store.keep(TRACE, key("unknown-too"), BODY, SOON);
        temporal.status = "away";

        look(START.plus(Duration.ofDays(400)));

        assertThat(bodies()).isEqualTo(2);
        assertThat(orphans()).isEqualTo(2);
        assertThat(temporal.asked).as("each question may take a second").isEqualTo(1);
    }

    /** Knows one status for every item. */
    private static final class TemporalOfOneStatus implements RouteGateway {

        private String status = "NOT_FOUND";
        private int asked;

        @Override
        public Optional<Description> describe(Workload workload, ItemKey key) {
            asked++;
            if (status.equals("away")) {
                throw new UnavailableException("Temporal is away", Duration.ofSeconds(1), null);
            }
            return status.equals("NOT_FOUND")
                    ? Optional.empty()
                    : Optional.of(new Description(Route.TEMPORAL, status, null, null, null));
        }

        @Override
        public Route route() {
            return Route.TEMPORAL;
        }

        @Override
        public Optional<String> unready(Workload workload) {
            return Optional.empty();
        }

        @Override
        public Dispatch dispatch(Item item, RouteDecision decision) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean cancel(Workload workload, ItemKey key, String why) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean signal(Workload workload, ItemKey key, String signal, byte[] json) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void nothing_is_purged_while_the_book_cannot_be_asked() {
        store.keep(TRACE, key("unknown"), BODY, SOON);
        inFlight.away(true);

        assertThatThrownBy(() -> look(START.plus(Duration.ofDays(400)))).isInstanceOf(UnavailableException.class);

        assertThat(bodies()).isEqualTo(1);
    }

    @Test
    void a_body_that_a_start_asks_for_again_is_as_young_as_a_new_one() {
        store.keep(TRACE, key("again"), BODY, SOON);
        store.destroy();
        store = at(START.plus(Duration.ofDays(29)));
        store.keep(TRACE, key("again"), BODY, SOON);

        look(START.plus(Duration.ofDays(31)));

        assertThat(bodies()).isEqualTo(1);
    }

    private ClaimedBodyStore at(Instant time) {
        return new ClaimedBodyStore(database, Clock.fixed(time, ZoneOffset.UTC));
    }

    private void look(Instant time) {
        var settings = new ClaimSettings(Duration.ofDays(30), Duration.ofMinutes(10));
        meters.getMeters().stream()
                .filter(meter -> meter.getId().getName().equals("shunt.claims.orphans"))
                .toList()
                .forEach(meters::remove);
        var looking = new ClaimKeeper(
                database, inFlight, Optional.of(temporal), settings, Clock.fixed(time, ZoneOffset.UTC), meters);
        keeper = looking;
        looking.look();
    }

    private double orphans() {
        assertThat(keeper).isNotNull();
        return meters.get("shunt.claims.orphans").gauge().value();
    }

    private double purged(String why) {
        return meters.get("shunt.claims.purged").tag("why", why).counter().count();
    }

    private long bodies() {
        return sql.sql("select count(*) from claimed_body").query(Long.class).single();
    }

    private void ledger(String subject, Instant committed) {
        sql.sql("""
                insert into ledger (accepted_on, workload, item_key, project_id, subject, state, way_in, decided_route,
                    executed_route, reason, bucket, basis_points, epoch, accepted_at, committed_at)
                values ('2026-11-21', 'trace', ?, 'p', ?, 'DONE', 'HTTP', 'TEMPORAL', 'TEMPORAL', 'FLAG', 1, 10000, 7, ?, ?)
                """)
                .params(
                        key(subject).value(),
                        subject,
                        START.atOffset(ZoneOffset.UTC),
                        committed.atOffset(ZoneOffset.UTC))
                .update();
    }

    private void deadLetter(String subject, Instant died) {
        sql.sql("""
                insert into dead_letter (workload, raw_sha256, item_key, raw, route, reason, attempts, died_at)
                values ('trace', 'x', ?, '\\x00', 'TEMPORAL', 'ID is missing', 1, ?)
                """).params(key(subject).value(), died.atOffset(ZoneOffset.UTC)).update();
    }

    private static ItemKey key(String subject) {
        return ItemKey.of("p", subject, "0123456789abcdef");
    }
}
