package dev.shunt.routing;

import static dev.shunt.routing.TestRouters.FEATURE;
import static dev.shunt.routing.TestRouters.TRACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shunt.core.Percentage;
import dev.shunt.core.Reason;
import dev.shunt.core.Route;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ff4j.FF4j;
import org.ff4j.conf.XmlParser;
import org.ff4j.core.Feature;
import org.ff4j.store.JdbcFeatureStore;
import org.junit.jupiter.api.Test;

/** What the store holds, however it came there, is what is obeyed. */
class FlagPropagationTest extends FlagSuite {

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

    private Set<String> routedAt(int basisPoints) {
        set(basisPoints);
        awaitPercentage(basisPoints);
        return IntStream.range(0, 2_000)
                .mapToObj(i -> "project:" + i)
                .filter(key -> router.decide(TRACE, key).executed() == Route.TEMPORAL)
                .collect(Collectors.toSet());
    }

    private void insert(String strategy, String expression) {
        sql.sql("insert into ff4j_features (feat_uid, enable, strategy, expression) values (?, 1, ?, ?)")
                .params(FEATURE, strategy, expression)
                .update();
    }
}
