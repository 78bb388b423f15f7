package dev.shunt.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.core.Workload;
import dev.shunt.embedded.TestBackends;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which verdicts are forgotten, and which never. */
class VerdictRetentionTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private final DataSource database = TestBackends.migratedDatabase();
    private final JdbcClient sql = JdbcClient.create(database);
    private final GateRecords records = new GateRecords(database);
    private final FindingsRetention retention = new FindingsRetention(
            database, new RetentionSettings(Duration.ofDays(30)), Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void old_verdicts_go_unless_a_decision_rests_on_them_or_they_are_the_newest_of_a_rollout() {
        verdict("old", "first", 40, false);
        verdict("decided", "first", 39, true);
        verdict("told", "first", 38, false);
        verdict("at-the-edge", "first", 30, false);
        verdict("young", "first", 1, false);
        verdict("before-the-newest", "second", 60, false);
        verdict("newest", "second", 50, false);
        sql.sql("""
                insert into rollout_event (workload, what, actor, verified, reason, verdict)
                values ('trace', 'HOLD', 'anna', false, 'known', 'told')
                """).update();

        retention.forget();

        assertThat(sql.sql("select id from gate_verdict").query(String.class).list())
                .containsExactlyInAnyOrder("decided", "told", "at-the-edge", "young", "newest");
    }

    private void verdict(String id, String rollout, int daysAgo, boolean decisive) {
        records.keep(new GateRecords.Kept(
                id,
                new Workload("trace"),
                rollout,
                "p10",
                7,
                NOW.minus(Duration.ofDays(daysAgo)),
                "PASS",
                decisive,
                "[]"));
    }
}
