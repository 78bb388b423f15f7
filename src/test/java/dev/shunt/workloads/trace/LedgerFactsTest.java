package dev.shunt.workloads.trace;

import static dev.shunt.workloads.trace.TraceDeliveries.NOON;
import static dev.shunt.workloads.trace.TraceDeliveries.onTemporal;
import static dev.shunt.workloads.trace.TraceDeliveries.span;
import static dev.shunt.workloads.trace.TraceDeliveries.visit;
import static dev.shunt.workloads.trace.TraceDeliveries.work;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.core.Delivery.Effort;
import dev.shunt.embedded.TestBackends;
import dev.shunt.store.GroupWriter;
import dev.shunt.store.LedgerChecks;
import dev.shunt.store.TestLanes;
import dev.shunt.store.Work;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the ledger notes of an item beside its result. */
class LedgerFactsTest {

    private final DataSource database = TestBackends.migratedDatabase();
    private final JdbcClient sql = JdbcClient.create(database);
    private final GroupWriter<TraceMessage> legacy = TestLanes.open("legacy", database, new TraceStatement(false));
    private final GroupWriter<TraceMessage> deferring = TestLanes.open("temporal", database, new TraceStatement(true));

    @AfterEach
    void closeLanes() {
        legacy.close();
        deferring.close();
    }

    @Test
    void who_began_when_how_often_and_at_what_cost_is_noted_by_the_delivery_that_commits() {
        var work = taking(work("t1", "a", span("s1", "gpt-4", 1, 1), span("s2", null, null, null)), 3, 4);

        legacy.write(List.of(work));
        legacy.write(List.of(taking(work, 9, 9)));

        assertThat(facts("t1"))
                .containsEntry("started_at", Timestamp.from(NOON.plusSeconds(1)))
                .containsEntry("attempts", 3)
                .containsEntry("temporal_actions", 4)
                .containsEntry("rows_written", 4); // ledger, trace, two spans
        assertThat(facts("t1").get("done_at")).isEqualTo(facts("t1").get("committed_at"));
    }

    @Test
    void a_session_that_two_items_of_a_group_share_is_one_row_of_the_first() {
        legacy.write(List.of(
                visit("t1", "session", "u1", new TraceMessage.User("n", "e", null)),
                visit("t2", "session", "u2", new TraceMessage.User("n", "e", null))));

        assertThat(facts("t1")).containsEntry("rows_written", 4); // ledger, trace, session, user
        assertThat(facts("t2")).containsEntry("rows_written", 3);
    }

    @Test
    void what_was_pending_is_done_later_and_at_the_cost_of_the_later_steps() {
        var pending = new PendingSpans(TraceWorkload.TRACE, database);
        var work = taking(onTemporal(work("t1", "a", span("s1", "gpt-4", 1, 1))), 1, 2);
        deferring.submit(work, Duration.ofSeconds(4));
        assertThat(facts("t1").get("done_at")).isNull();
        Instant changed = time("t1", "changed_at");

        pending.price(work.delivery().key());
        pending.summarise(work.delivery().key(), 2);

        assertThat(facts("t1")).containsEntry("state", "DONE").containsEntry("temporal_actions", 4);
        assertThat(time("t1", "done_at")).isAfter(time("t1", "committed_at"));
        assertThat(time("t1", "changed_at")).isAfter(changed);
    }

    @Test
    void every_change_but_the_mark_of_a_check_moves_the_time_of_change() {
        var work = work("t1", "a", span("s1", "gpt-4", 1, 1));
        legacy.write(List.of(work));
        Instant written = time("t1", "changed_at");

        new LedgerChecks(database)
                .markChecked(TraceWorkload.TRACE, List.of(work.delivery().key()));
        assertThat(time("t1", "changed_at")).isEqualTo(written);
        assertThat(time("t1", "checked_at")).as("by the database's clock").isAfter(written);

        legacy.write(List.of(work));
        assertThat(time("t1", "changed_at")).isAfter(written);
    }

    private static Work<TraceMessage> taking(Work<TraceMessage> work, int attempts, int actions) {
        return new Work<>(work.delivery().taking(new Effort(NOON.plusSeconds(1), attempts, actions)), work.content());
    }

    private Instant time(String trace, String column) {
        return ((Timestamp) Objects.requireNonNull(facts(trace).get(column))).toInstant();
    }

    private Map<String, Object> facts(String trace) {
        return sql.sql("select * from ledger where subject = ?")
                .param(trace)
                .query()
                .singleRow();
    }
}
