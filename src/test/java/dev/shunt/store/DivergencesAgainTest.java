package dev.shunt.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.core.Divergence;
import dev.shunt.core.Divergence.Kind;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Workload;
import dev.shunt.embedded.TestBackends;
import dev.shunt.store.GateDoubts.OfNoItem;
import dev.shunt.store.WatchPasses.Pass;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which divergences of no item a rollout counts that were first seen before it. */
class DivergencesAgainTest {

    private static final Workload TRACE = new Workload("trace");
    private static final DataSource DATABASE = TestBackends.migratedDatabase();

    private final JdbcClient sql = JdbcClient.create(DATABASE);
    private final WatchPasses passes = new WatchPasses(DATABASE);
    private final Divergences divergences = new Divergences(DATABASE);
    private final LocalDate today = LocalDate.now(ZoneOffset.UTC);
    private final LocalDate old = today.minusDays(9);

    @BeforeEach
    void empty() {
        sql.sql("truncate divergence, divergence_judgement, ignore_rule, watch_pass")
                .update();
        passes.passed(TRACE, Pass.CHECK, Duration.ofMinutes(1));
    }

    @Test
    void a_sum_that_was_right_in_between_is_back_and_news_once() {
        assertThat(record(sum(today, "4", "5"))).isEqualTo(1);
        seenTwoHoursAgo();
        assertThat(counted().divergences()).isZero();

        assertThat(record(sum(today, "4", "5"))).isEqualTo(1);
        assertThat(counted().divergences()).isEqualTo(1);
        assertThat(counted().back()).isEqualTo(1);
        assertThat(record(sum(today, "4", "6"))).isZero();
    }

    @Test
    void what_stayed_as_it_was_does_not_count_however_long_nobody_looked() {
        record(sum(today, "0.4", "0.5"), sum(old, "4", "5"), extra("10:00"));
        seenTwoHoursAgo();
        sql.sql("update watch_pass set passed_at = now() - interval '110 minutes'")
                .update(); // all instances were away

        assertThat(record(sum(today, "7.4", "7.5"), sum(old, "4", "5"), extra("10:00")))
                .isZero();
        passes.passed(TRACE, Pass.CHECK, Duration.ofMinutes(1));
        assertThat(record(sum(today, "8.4", "8.50"), sum(old, "4", "5"))).isZero();
        assertThat(counted().divergences()).isZero();
    }

    @Test
    void a_sum_that_goes_further_off_counts_and_so_does_a_row_of_nobody_that_was_stored_anew() {
        record(sum(old, "4", "5"), extra("10:00"));
        seenTwoHoursAgo();

        assertThat(record(sum(old, "4", "5.1"))).isEqualTo(1);
        assertThat(counted().largest().getFirst().name()).isEqualTo("SUMMARY at summaries[].total_cost");
        assertThat(record(extra("12:00"))).isEqualTo(1);
        assertThat(counted().back()).isEqualTo(2);
    }

    private int record(Divergence... found) {
        return divergences.record(TRACE, List.of(found));
    }

    /** By a rollout of one minute. */
    private OfNoItem counted() {
        return new GateDoubts(DATABASE).ofNoItem(TRACE, Instant.now().minusSeconds(60), 3);
    }

    private static Divergence sum(LocalDate day, String expected, String actual) {
        String path = "summaries[p/" + day + "/gpt-4o].total_cost";
        return Divergence.ofInput(Kind.SUMMARY, path, expected, actual, null, null, null);
    }

    private static Divergence extra(String at) {
        ItemKey key = new ItemKey("p:t:0123456789abcdef");
        return Divergence.ofInput(Kind.EXTRA, "traces[p/t]", null, "stored at " + at, key, null, null);
    }

    private void seenTwoHoursAgo() {
        sql.sql("update divergence set first_seen = now() - interval '2 h', last_seen = now() - interval '2 h'")
                .update();
    }
}
