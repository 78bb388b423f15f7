package dev.shunt.routing;

import static dev.shunt.routing.TestRouters.FEATURE;
import static dev.shunt.routing.TestRouters.TRACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.core.Percentage;
import dev.shunt.core.Reason;
import dev.shunt.core.Route;
import dev.shunt.embedded.DedicatedPostgres;
import dev.shunt.embedded.TestBackends;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class FlagLeaseTest {

    private static final Duration LEASE = Duration.ofSeconds(2);

    private static final DedicatedPostgres POSTGRES = TestBackends.dedicatedPostgres();

    private final String jdbcUrl = POSTGRES.freshJdbcUrl();
    private final TestRouters routers = new TestRouters(new FlagDatabase(jdbcUrl, null, null), LEASE);

    @AfterEach
    void stop() {
        routers.close();
    }

    @AfterAll
    static void end() {
        POSTGRES.close();
    }

    @Test
    void a_frozen_flag_store_ends_the_lease_and_is_believed_again_after_it_answers() {
        Router router = routedToTemporal();
        POSTGRES.pause();
        await().atMost(Duration.ofSeconds(10)).until(() -> !router.trustsFlag());
        var decision = router.decide(TRACE, "p:1");
        assertThat(decision.decided()).isEqualTo(Route.TEMPORAL);
        assertThat(decision.executed()).isEqualTo(Route.LEGACY);
        assertThat(decision.reason()).isEqualTo(Reason.LEASE);
        POSTGRES.resume();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> router.decide(TRACE, "p:1").executed() == Route.TEMPORAL);
    }

    @Test
    void a_killed_flag_store_ends_the_lease_and_what_changed_meanwhile_is_obeyed() {
        Router router = routedToTemporal();
        POSTGRES.kill9();
        await().atMost(Duration.ofSeconds(10))
                .until(() -> router.decide(TRACE, "p:1").reason() == Reason.LEASE);
        POSTGRES.start();
        set(0);
        await().atMost(Duration.ofSeconds(20)).until(router::trustsFlag);
        assertThat(router.snapshot(TRACE).percentage()).isEqualTo(Percentage.ZERO);
        assertThat(router.decide(TRACE, "p:1").reason()).isEqualTo(Reason.FLAG);
    }

    @Test
    void without_a_snapshot_at_the_start_everything_goes_to_legacy_until_the_store_comes() {
        POSTGRES.stop();
        Router router = routers.created("early", true);
        assertThat(router.decide(TRACE, "p:1").reason()).isEqualTo(Reason.LEASE);
        router.start();
        assertThat(router.decide(TRACE, "p:1").reason()).isEqualTo(Reason.LEASE);
        POSTGRES.start();
        migrate();
        set(10_000);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> router.decide(TRACE, "p:1").executed() == Route.TEMPORAL);
    }

    @Test
    void a_database_that_lost_changes_is_not_believed() {
        Router router = routedToTemporal();
        JdbcClient.create(TestBackends.dataSource(jdbcUrl))
                .sql("update flag_version set epoch = 1")
                .update();
        await().atMost(Duration.ofSeconds(10))
                .until(() -> router.decide(TRACE, "p:1").reason() == Reason.LEASE);
    }

    @Test
    void a_connection_that_falls_silent_is_given_up_within_a_second_and_a_new_one_is_listened_on() throws Exception {
        migrate();
        set(10_000);
        URI server = URI.create(jdbcUrl.substring("jdbc:".length()));
        try (var line = new SilentLine(server.getPort())) {
            String url = jdbcUrl.replace(":" + server.getPort() + "/", ":" + line.port() + "/");
            try (var behind = new TestRouters(new FlagDatabase(url, null, null), LEASE)) {
                Router router = behind.started("behind");
                await().until(router::trustsFlag);

                var patience = line.silence().getLast().get(20, TimeUnit.SECONDS);

                assertThat(patience).as("1 s").isLessThan(Duration.ofMillis(2_900));
                set(0);
                await().until(() -> router.trustsFlag()
                        && router.decide(TRACE, "p:1").reason() == Reason.FLAG
                        && router.snapshot(TRACE).percentage().equals(Percentage.ZERO));
            }
        }
    }

    @Test
    void three_good_reads_in_a_row_make_the_flag_believed_again() {
        var now = new AtomicLong(1_000);
        var lease = new Lease(Duration.ofNanos(100), now::get);
        assertThat(lease.holds()).isFalse();
        lease.renew(1_000);
        assertThat(lease.holds()).isTrue();
        lease.missed();
        assertThat(lease.holds()).isTrue();
        now.set(1_100);
        assertThat(lease.holds()).isFalse();
        lease.renew(1_100);
        lease.renew(1_100);
        assertThat(lease.holds()).isFalse();
        lease.missed();
        lease.renew(1_100);
        lease.renew(1_100);
        assertThat(lease.holds()).isFalse();
        lease.renew(1_100);
        assertThat(lease.holds()).isTrue();
    }

    private Router routedToTemporal() {
        migrate();
        set(10_000);
        Router router = routers.started("one");
        assertThat(router.decide(TRACE, "p:1").executed()).isEqualTo(Route.TEMPORAL);
        return router;
    }

    private void migrate() {
        Flyway.configure().dataSource(TestBackends.dataSource(jdbcUrl)).load().migrate();
    }

    private void set(int basisPoints) {
        JdbcClient.create(TestBackends.dataSource(jdbcUrl))
                .sql("update ff4j_features set expression = ? where feat_uid = ?")
                .params("bp=" + basisPoints, FEATURE)
                .update();
    }
}
