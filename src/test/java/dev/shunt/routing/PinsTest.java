package dev.shunt.routing;

import static dev.shunt.routing.TestRouters.TRACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.core.Bucket;
import dev.shunt.core.Reason;
import dev.shunt.core.Route;
import dev.shunt.embedded.TestBackends;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class PinsTest {

    private static final Instant NOW = Instant.parse("2026-11-22T09:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(60);

    @Test
    void a_key_is_stronger_than_its_project_and_an_expired_pin_says_nothing() {
        var pins = new Pins(List.of(
                new Pin(Pin.Scope.PROJECT, "a:b", Route.TEMPORAL, LATER),
                new Pin(Pin.Scope.KEY, "a%3Ab:1", Route.LEGACY, LATER),
                new Pin(Pin.Scope.KEY, "a%3Ab:2", Route.LEGACY, NOW)));
        assertThat(pins.route("a%3Ab:1", NOW)).isEqualTo(Route.LEGACY);
        assertThat(pins.route("a%3Ab:2", NOW)).isEqualTo(Route.TEMPORAL);
        assertThat(pins.route("a%3Ab", NOW)).isEqualTo(Route.TEMPORAL);
        assertThat(pins.route("a:1", NOW)).isNull();
        assertThat(pins.route("a%3Ab:1", LATER)).isNull();
    }

    @Test
    void a_pin_is_a_new_version_of_the_flag_and_a_rollback_is_stronger() {
        var source = TestBackends.migratedDatabase();
        var sql = JdbcClient.create(source);
        try (var routers = new TestRouters(TestRouters.database(source), Duration.ofSeconds(5))) {
            var router = routers.started("one");
            sql.sql("update ff4j_features set expression = 'bp=1'").update();
            await().until(() -> router.snapshot(TRACE).percentage().basisPoints() == 1);
            var before = router.snapshot(TRACE).epoch();
            String key = above(1);
            sql.sql("""
                    insert into rollout_pin (workload, feature, scope, value, route, until, reason, pinned_by, verified)
                    values ('trace', 'trace-to-temporal', 'PROJECT', 'p', 'TEMPORAL', now() + interval '1 hour', 'r', 'a', true)
                    """).update();
            await().until(() -> router.snapshot(TRACE).pins().size() == 1);
            assertThat(router.snapshot(TRACE).epoch()).isGreaterThan(before);
            var pinned = router.decide(TRACE, key);
            assertThat(pinned.executed()).isEqualTo(Route.TEMPORAL);
            assertThat(pinned.decided()).as("what the flag alone says").isEqualTo(Route.LEGACY);
            assertThat(pinned.reason()).isEqualTo(Reason.PINNED);
            assertThat(pinned.divertedToLegacy(Reason.FALLBACK).reason()).isEqualTo(Reason.PINNED);

            router.hold(TRACE, "a rollback that is not recorded yet");
            assertThat(router.decide(TRACE, key).executed()).isEqualTo(Route.LEGACY);
            router.release(TRACE, "a rollback that is not recorded yet", before);
            assertThat(router.decide(TRACE, key).executed()).isEqualTo(Route.TEMPORAL);

            sql.sql("update ff4j_features set expression = 'bp=0'").update();
            await().until(() -> router.snapshot(TRACE).percentage().basisPoints() == 0);
            assertThat(router.decide(TRACE, key).executed()).isEqualTo(Route.LEGACY);
        }
    }

    private static String above(int bucket) {
        for (int i = 0; ; i++) {
            if (Bucket.of(TRACE, "p:" + i).value() > bucket) {
                return "p:" + i;
            }
        }
    }
}
