package dev.shunt.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.comparison.ComparisonReport.Cohort;
import dev.shunt.comparison.ComparisonReport.Pinned;
import dev.shunt.core.Route;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Items whose route a person chose say nothing about a share: they are counted by themselves, whatever becomes of them. */
class PinnedItemsTest {

    private static final Duration TOOK = Duration.ofMillis(20);

    private final ComparisonRig rig = new ComparisonRig();
    private final Instant accepted = rig.start.minusSeconds(120);

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void they_are_in_no_cohort_and_dead_ones_are_not_either() {
        row("flagged", "DONE", "TEMPORAL", "FLAG");
        row("done", "DONE", "TEMPORAL", "PINNED");
        row("also-done", "DONE", "LEGACY", "PINNED");
        row("open", "OPEN", "TEMPORAL", "PINNED");
        row("dead", "DEAD", "TEMPORAL", "PINNED");
        dead("dead");
        row("died-open", "OPEN", "TEMPORAL", "PINNED");
        dead("died-open");
        row("died-pending", "PENDING", "TEMPORAL", "PINNED");
        dead("died-pending");

        ComparisonReport report = rig.report();

        assertThat(report.pinned())
                .containsOnlyKeys(Route.LEGACY, Route.TEMPORAL)
                .containsEntry(Route.LEGACY, new Pinned(1, 1, 0, 0))
                .containsEntry(Route.TEMPORAL, new Pinned(5, 1, 1, 3));
        Cohort temporal = cohort(report, Route.TEMPORAL);
        assertThat(temporal.accepted()).isEqualTo(1);
        assertThat(temporal.completed()).isEqualTo(1);
        assertThat(temporal.inFlight()).as("not less than nothing").isZero();
        assertThat(temporal.failed()).isZero();
        assertThat(cohort(report, Route.LEGACY).accepted()).isZero();
        assertThat(report.conservation().dead()).isZero();
    }

    @Test
    void a_dead_one_that_nobody_had_pinned_still_counts_as_failed() {
        row("died-open", "OPEN", "TEMPORAL", "FLAG");
        dead("died-open");
        Cohort temporal = cohort(rig.report(), Route.TEMPORAL);
        assertThat(temporal.failed()).isEqualTo(1);
        assertThat(temporal.inFlight()).isZero();
        assertThat(rig.report().pinned()).isEmpty();
    }

    private static Cohort cohort(ComparisonReport report, Route route) {
        return Objects.requireNonNull(report.routes().get(route));
    }

    private void row(String subject, String state, String route, String reason) {
        rig.rows.row(TestLedger.key(subject), state, route, route, reason, accepted, TOOK);
    }

    private void dead(String subject) {
        rig.rows.dead(TestLedger.key(subject), "TEMPORAL", accepted, accepted.plusSeconds(1));
    }
}
