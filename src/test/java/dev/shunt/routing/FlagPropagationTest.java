package dev.shunt.routing;

import static dev.shunt.routing.TestRouters.FEATURE;
import static dev.shunt.routing.TestRouters.TRACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shunt.core.Epoch;
import dev.shunt.core.Percentage;
import dev.shunt.core.Reason;
import dev.shunt.core.Route;
import dev.shunt.core.RouteDecision;
import dev.shunt.embedded.TestBackends;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.ff4j.FF4j;
import org.ff4j.conf.XmlParser;
import org.ff4j.core.Feature;
import org.ff4j.core.FeatureStore;
import org.ff4j.store.AbstractFeatureStore;
import org.ff4j.store.JdbcFeatureStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class FlagPropagationTest {

    private final DataSource database = TestBackends.migratedDatabase();
    private final JdbcClient sql = JdbcClient.create(database);
    private final TestRouters routers = new TestRouters(TestRouters.database(database), Duration.ofSeconds(5));
    private Router router;

    @BeforeEach
    void start() {
        router = routers.started("one");
    }

    @AfterEach
    void stop() {
        routers.close();
    }

    @Test
    void the_schema_brings_the_feature_enabled_at_zero() {
        FlagSnapshot flag = router.snapshot(TRACE);
        assertThat(flag.percentage()).isEqualTo(Percentage.ZERO);
        assertThat(flag.enabled()).isTrue();
        assertThat(flag.epoch().value()).isPositive();
        assertThat(flag.changedBy()).isEqualTo("shunt");
        assertThat(flag.reason()).isEqualTo("created with the schema");
        assertThat(router.decide(TRACE, "p:1")).satisfies(d -> {
            assertThat(d.executed()).isEqualTo(Route.LEGACY);
            assertThat(d.reason()).isEqualTo(Reason.FLAG);
        });
    }

    @Test
    void a_plain_sql_update_is_obeyed_by_the_next_decision() {
        for (int basisPoints : List.of(10_000, 0, 10_000, 2_500, 10_000)) {
            long before = System.nanoTime();
            set(basisPoints);
            awaitPercentage(basisPoints);
            System.out.printf(
                    "UPDATE to %d basis points obeyed after %.1f ms%n",
                    basisPoints, (System.nanoTime() - before) / 1e6);
        }
        assertThat(router.decide(TRACE, "p:1").executed()).isEqualTo(Route.TEMPORAL);
        FlagSnapshot flag = router.snapshot(TRACE);
        assertThat(flag.reason()).isEqualTo("changed by SQL");
        assertThat(flag.verified()).isTrue();
    }

    @Test
    void ff4j_s_import_of_the_same_feature_is_obeyed_and_grows_the_epoch() throws Exception {
        long before = router.snapshot(TRACE).epoch().value();
        var imported = new Feature(FEATURE, true);
        imported.setFlippingStrategy(new StickyBasisPoints(new Percentage(10_000)));
        new JdbcFeatureStore(database).importFeatures(List.of(imported));
        awaitPercentage(10_000);
        assertThat(router.snapshot(TRACE).epoch().value()).isGreaterThan(before + 1);

        String xml = """
                <?xml version="1.0" encoding="UTF-8" ?>
                <ff4j xmlns="http://www.ff4j.org/schema/ff4j"><features>
                  <feature uid="trace-to-temporal" enable="true" description="imported">
                    <flipstrategy class="dev.shunt.routing.StickyBasisPoints"><param name="bp" value="4200"/></flipstrategy>
                  </feature>
                </features></ff4j>
                """;
        var features =
                new XmlParser().parseConfigurationFile(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
        router.ff4j().importFeatures(features.getFeatures().values());
        awaitPercentage(4_200);
        assertThat(router.ff4j().getFeature(FEATURE).isEnable()).isTrue();
    }

    @Test
    void the_kill_switch_of_ff4j_is_obeyed() {
        set(10_000);
        awaitPercentage(10_000);
        FF4j elsewhere = new FF4j();
        elsewhere.setFeatureStore(new JdbcFeatureStore(database));
        elsewhere.disable(FEATURE);
        await().until(() -> router.decide(TRACE, "p:1").executed() == Route.LEGACY);
        assertThat(router.decide(TRACE, "p:1").percentage()).isEqualTo(Percentage.ZERO);
        assertThat(router.snapshot(TRACE).percentage()).isEqualTo(Percentage.ALL);
        router.ff4j().enable(FEATURE);
        await().until(() -> router.decide(TRACE, "p:1").executed() == Route.TEMPORAL);
        elsewhere.stop();
    }

    @Test
    void a_deleted_row_is_zero_and_a_new_one_is_obeyed_again() {
        set(10_000);
        awaitPercentage(10_000);
        long before = router.snapshot(TRACE).epoch().value();
        sql.sql("delete from ff4j_features").update();
        awaitPercentage(0);
        assertThat(router.snapshot(TRACE).problem()).contains("no such feature");
        assertThat(router.snapshot(TRACE).epoch().value()).isGreaterThan(before);
        insert("dev.shunt.routing.StickyBasisPoints", "bp=10000");
        awaitPercentage(10_000);
    }

    @Test
    void a_truncated_table_is_zero() {
        set(10_000);
        awaitPercentage(10_000);
        sql.sql("truncate ff4j_features cascade").update();
        awaitPercentage(0);
        assertThat(sql.sql("select count(*) from flag_history where new_row is null")
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void a_malformed_row_is_zero_and_says_why() {
        assertThatThrownBy(() -> set(10_001)).hasMessageContaining("ff4j_features_basis_points");
        set(10_000);
        awaitPercentage(10_000);
        sql.sql("update ff4j_features set strategy = 'org.ff4j.strategy.PonderationStrategy', expression = 'weight=1'")
                .update();
        awaitPercentage(0);
        assertThat(router.snapshot(TRACE).problem()).contains("strategy must be");
        assertThat(router.decide(TRACE, "p:1").executed()).isEqualTo(Route.LEGACY);
        sql.sql("update ff4j_features set strategy = null, expression = null").update();
        await().until(() -> String.valueOf(router.snapshot(TRACE).problem()).contains("null"));
        assertThat(FlagReader.problem(StickyBasisPoints.class.getName(), "bp=10001"))
                .contains("bp=0..10000");
    }

    @Test
    void ten_percent_after_a_rollback_is_the_same_ten_percent_and_lies_within_fifty() {
        Set<String> ten = routedAt(1_000);
        assertThat(routedAt(0)).isEmpty();
        assertThat(routedAt(1_000)).isEqualTo(ten);
        assertThat(routedAt(5_000)).containsAll(ten);
        router.stop();
        router = routers.started("restarted");
        assertThat(routedAt(1_000)).isEqualTo(ten);
    }

    @Test
    void every_instance_says_what_it_obeys() {
        Router other = routers.started("two");
        set(1_234);
        awaitPercentage(1_234);
        var epoch = router.snapshot(TRACE).epoch();
        List<InstanceState> instances = router.awaitObeyed(TRACE, epoch, Duration.ofSeconds(5));
        assertThat(instances).extracting(InstanceState::id).containsExactly("one", "two");
        assertThat(instances)
                .allMatch(i -> i.live() && i.obeys(epoch) && i.leaseEndsAt().isAfter(i.lastSeen()));
        other.stop();
        assertThat(router.instances(TRACE)).extracting(InstanceState::id).containsExactly("one");
    }

    @Test
    void history_tells_who_and_why_of_each_change() {
        sql.sql("""
                begin; set local shunt.actor = 'alice'; set local shunt.reason = 'first step';
                update ff4j_features set expression = 'bp=1000'; commit
                """).update();
        assertThat(sql.sql(
                                "select changed_by || ', ' || verified || ', ' || reason || ', ' || flag_basis_points(old_row)"
                                        + " || ' -> ' || flag_basis_points(new_row) from flag_history order by epoch desc limit 1")
                        .query(String.class)
                        .single())
                .isEqualTo("alice, false, first step, 0 -> 1000");
    }

    @Test
    void an_instance_switched_off_stays_on_legacy_and_says_so() {
        Router off = routers.created("off", false);
        off.start();
        set(10_000);
        await().until(() -> off.snapshot(TRACE).percentage().equals(Percentage.ALL));
        RouteDecision decision = off.decide(TRACE, "p:1");
        assertThat(decision.decided()).isEqualTo(Route.TEMPORAL);
        assertThat(decision.executed()).isEqualTo(Route.LEGACY);
        assertThat(decision.reason()).isEqualTo(Reason.HELD);
        await().untilAsserted(() -> assertThat(router.instances(TRACE))
                .filteredOn(InstanceState::held)
                .extracting(InstanceState::id)
                .containsExactly("off"));
    }

    @Test
    void a_hold_ends_with_the_version_that_carries_the_rollback() {
        set(10_000);
        awaitPercentage(10_000);
        router.hold(TRACE, "order-1");
        assertThat(router.decide(TRACE, "p:1").reason()).isEqualTo(Reason.FENCED);
        var before = router.snapshot(TRACE).epoch();
        router.release(TRACE, "order-1", new Epoch(before.value() + 1));
        assertThat(router.decide(TRACE, "p:1").reason()).isEqualTo(Reason.FENCED);
        set(10_000);
        await().until(() -> router.decide(TRACE, "p:1").executed() == Route.TEMPORAL);
    }

    @Test
    void a_flag_that_changes_while_ff4j_is_asked_gives_one_snapshots_decision() {
        set(10_000);
        awaitPercentage(10_000);
        FeatureStore store = router.ff4j().getFeatureStore();
        // the change comes just before, then just after, FF4j has taken the feature that it will judge by
        for (boolean before : List.of(true, false)) {
            for (int changed : List.of(0, 10_000)) {
                router.ff4j().setFeatureStore(new Interrupted(store, before, () -> {
                    set(changed);
                    awaitPercentage(changed);
                }));
                RouteDecision decision = router.decide(TRACE, "p:1");
                assertThat(decision.executed()).isEqualTo(changed == 0 ? Route.LEGACY : Route.TEMPORAL);
                assertThat(decision.percentage().basisPoints()).isEqualTo(changed);
                assertThat(decision.epoch()).isEqualTo(router.snapshot(TRACE).epoch());
            }
        }
    }

    /** Lets something happen once, before or after the first read of a feature. */
    private static final class Interrupted extends AbstractFeatureStore {

        private final FeatureStore store;
        private final boolean before;
        private final AtomicReference<Runnable> once;

        Interrupted(FeatureStore store, boolean before, Runnable what) {
            this.store = store;
            this.before = before;
            this.once = new AtomicReference<>(what);
        }

        @Override
        public Feature read(String feature) {
            Runnable what = once.getAndSet(() -> {});
            if (before) {
                what.run();
            }
            Feature read = store.read(feature);
            if (!before) {
                what.run();
            }
            return read;
        }

        @Override
        public boolean exist(String feature) {
            return store.exist(feature);
        }

        @Override
        public void enable(String feature) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void disable(String feature) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void create(Feature feature) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void update(Feature feature) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void delete(String feature) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Map<String, Feature> readAll() {
            return store.readAll();
        }

        @Override
        public void clear() {
            throw new UnsupportedOperationException();
        }
    }

    private Set<String> routedAt(int basisPoints) {
        set(basisPoints);
        awaitPercentage(basisPoints);
        return IntStream.range(0, 2_000)
                .mapToObj(i -> "project:" + i)
                .filter(key -> router.decide(TRACE, key).executed() == Route.TEMPORAL)
                .collect(Collectors.toSet());
    }

    @Test
    void an_instance_that_cannot_say_what_it_obeys_does_not_believe_the_flag() {
        TestRouters brief = new TestRouters(TestRouters.database(database), Duration.ofSeconds(2));
        try (brief) {
            Router mute = brief.started("mute");
            set(10_000);
            await().until(() -> mute.decide(TRACE, "p:1").executed() == Route.TEMPORAL);
            sql.sql("""
                    create function refuse() returns trigger language plpgsql as $$ begin raise 'refused'; end $$;
                    create trigger refuse before insert or update on flag_acknowledgement
                        for each row when (new.instance = 'mute') execute function refuse()
                    """).update();

            await().until(() -> mute.decide(TRACE, "p:1").reason() == Reason.LEASE);
            assertThat(mute.snapshot(TRACE).percentage())
                    .as("it can read the flag")
                    .isEqualTo(Percentage.ALL);
            set(9_999);
            await().until(() -> mute.snapshot(TRACE).percentage().basisPoints() == 9_999);
            assertThat(mute.trustsFlag()).isFalse();

            sql.sql("drop trigger refuse on flag_acknowledgement").update();
            await().until(mute::trustsFlag);
        }
    }

    private void set(int basisPoints) {
        sql.sql("update ff4j_features set expression = ? where feat_uid = ?")
                .params("bp=" + basisPoints, FEATURE)
                .update();
    }

    private void insert(String strategy, String expression) {
        sql.sql("insert into ff4j_features (feat_uid, enable, strategy, expression) values (?, 1, ?, ?)")
                .params(FEATURE, strategy, expression)
                .update();
    }

    private void awaitPercentage(int basisPoints) {
        await().pollInterval(Duration.ofMillis(1))
                .until(() -> router.snapshot(TRACE).percentage().basisPoints() == basisPoints);
    }
}
