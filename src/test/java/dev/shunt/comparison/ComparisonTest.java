package dev.shunt.comparison;

import static dev.shunt.comparison.TestLedger.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.shunt.core.Item;
import dev.shunt.core.Route;
import dev.shunt.core.WayIn;
import dev.shunt.core.Workload;
import dev.shunt.store.ItemRecords;
import dev.shunt.workloads.trace.TestTraces;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Both routes side by side, and single items. */
class ComparisonTest {

    private static final Percentage DIGITS = Percentage.withPercentage(0.1);

    private final ComparisonRig rig = new ComparisonRig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void the_report_adds_up_and_its_percentiles_are_those_computed_by_hand() {
        for (int i = 1; i <= 100; i++) {
            rig.rows.row(key("l" + i), "DONE", "LEGACY", "LEGACY", "FLAG", rig.start, Duration.ofMillis(i));
        }
        rig.rows.row(key("f1"), "DONE", "TEMPORAL", "LEGACY", "FALLBACK", rig.start, ComparisonRig.SECOND);
        rig.rows.row(key("f2"), "PENDING", "TEMPORAL", "TEMPORAL", "FLAG", rig.start, ComparisonRig.SECOND);
        rig.rows.row(key("f3"), "OPEN", "TEMPORAL", "TEMPORAL", "FLAG", rig.start, ComparisonRig.SECOND);
        rig.rows.row(key("f4"), "OPEN", "TEMPORAL", "TEMPORAL", "FLAG", rig.start, ComparisonRig.SECOND);
        rig.rows.dead(key("f4"), "TEMPORAL", rig.start, rig.start);
        rig.rows.dead(key("f5"), "TEMPORAL", rig.start, rig.start);
        rig.rows.row(
                key("old"), "DONE", "LEGACY", "LEGACY", "FLAG", rig.start.minusSeconds(7_200), ComparisonRig.SECOND);
        rig.accept(TestTraces.item("new", rig.start));

        ComparisonReport report = rig.report();

        assertThat(report.routes().get(Route.LEGACY)).satisfies(legacy -> {
            assertThat(legacy.accepted()).isEqualTo(101);
            assertThat(legacy.completed()).isEqualTo(100);
            assertThat(legacy.inFlight()).isEqualTo(1);
            assertThat(legacy.duplicates()).isEqualTo(100);
            assertThat(legacy.replays()).isEqualTo(200);
            assertThat(legacy.latency().get(WayIn.HTTP)).satisfies(latency -> {
                assertThat(latency.n()).isEqualTo(100);
                assertThat(latency.p50Ms()).isCloseTo(50, DIGITS);
                assertThat(latency.p95Ms()).isCloseTo(95, DIGITS);
                assertThat(latency.p99Ms()).isCloseTo(99, DIGITS);
                assertThat(latency.intervals().get("p50")).satisfies(median -> {
                    assertThat(median.lowMs()).isCloseTo(40, DIGITS);
                    assertThat(median.highMs()).isCloseTo(61, DIGITS);
                });
                assertThat(latency.intervals().get("p99"))
                        .as("100 items tell nothing about the upper end")
                        .satisfies(tail -> assertThat(tail.highMs()).isNull());
            });
            assertThat(legacy.latency().get(WayIn.TAP))
                    .isEqualTo(new ComparisonReport.Latency(0, null, null, null, null, null, Map.of()));
        });
        assertThat(report.routes().get(Route.TEMPORAL)).satisfies(temporal -> {
            assertThat(temporal.accepted()).isEqualTo(5);
            assertThat(temporal.completed()).isEqualTo(1);
            assertThat(temporal.inFlight()).isEqualTo(2);
            assertThat(temporal.failed()).isEqualTo(2);
            assertThat(temporal.fallback()).isEqualTo(1);
            assertThat(temporal.diverted()).isEqualTo(1);
            assertThat(temporal.deadLetters()).isEqualTo(2);
        });
        assertThat(report.conservation())
                .isEqualTo(new ComparisonReport.Items(106, 101, 3, 2, List.of(), List.of(), null, null, 0));
        assertThat(report.redis()).isEqualTo("up");
    }

    @Test
    void an_acceptance_that_met_its_own_item_is_counted_at_the_door() {
        Item item = rig.accept(TestTraces.item("twice", rig.start));
        rig.inFlight.acceptOnLegacy(item, TestTraces.onLegacy(item));

        assertThat(rig.report().routes().get(Route.LEGACY)).satisfies(legacy -> {
            assertThat(legacy.accepted()).isEqualTo(1);
            assertThat(legacy.duplicatesAtDoor()).isEqualTo(1);
        });
    }

    @Test
    void an_item_is_explained_from_ledger_book_and_dead_letters() {
        rig.rows.row(
                "p:t1:aaaaaaaaaaaaaaaa", "DONE", "TEMPORAL", "LEGACY", "FALLBACK", rig.start, Duration.ofMillis(250));
        Item booked = rig.accept(TestTraces.item("t1", rig.start));
        rig.rows.dead("p:t1:bbbbbbbbbbbbbbbb", "LEGACY", rig.start, rig.start);
        var reports = new ItemReports(
                new ItemRecords(rig.database), rig.inFlight, Map.of(ComparisonRig.TRACE, rig.traces.audit()));

        ItemReport report = reports.find(ComparisonRig.TRACE, "p", "t1").orElseThrow();

        assertThat(report.items())
                .extracting(
                        ItemReport.Line::key,
                        ItemReport.Line::source,
                        ItemReport.Line::state,
                        ItemReport.Line::why,
                        ItemReport.Line::latencyMs,
                        ItemReport.Line::deadBecause)
                .containsExactly(
                        tuple(
                                "p:t1:aaaaaaaaaaaaaaaa",
                                "LEDGER",
                                "DONE",
                                "bucket 812 < 1000, epoch 7; runs on LEGACY: FALLBACK",
                                250.0,
                                null),
                        tuple(booked.key().value(), "BOOK", "OPEN", "accepted at epoch 1; not stored yet", null, null),
                        tuple(
                                "p:t1:bbbbbbbbbbbbbbbb",
                                "DEAD_LETTER",
                                "DEAD",
                                "given up: ID is missing",
                                null,
                                "ID is missing"));
        assertThat(reports.find(ComparisonRig.TRACE, "p", "unheard-of")).isEmpty();
        assertThatThrownBy(() -> reports.find(new Workload("unknown"), "p", "t1"))
                .hasMessageContaining("known: [trace]");
    }
}
