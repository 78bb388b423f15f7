package dev.shunt.workloads.trace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.core.Item;
import dev.shunt.core.MessageCodec.Reading;
import dev.shunt.core.ResultAudit;
import dev.shunt.core.ResultAudit.Accepted;
import dev.shunt.core.Route;
import dev.shunt.embedded.TestBackends;
import dev.shunt.store.LedgerReach;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Sessions and users against who brought them first, where that is certain. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VisitorCheckTest {

    private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");
    private static final String FREE = "{\"plan\":\"free\"}";
    private static final String PRO = "{\"plan\":\"pro\"}";

    private final DataSource database = TestBackends.migratedDatabase();
    private final JdbcClient sql = JdbcClient.create(database);
    private final TestTraces traces = new TestTraces(database);

    @AfterAll
    void close() {
        traces.close();
    }

    @Test
    void what_was_told_about_a_user_and_is_not_stored_is_found_although_others_told_the_same() {
        Item first = stored(user("a", 0, FREE));
        Item other = stored(user("a", 1, FREE));
        committedAfter(10, first, other);
        sql.sql("update tracked_user set metadata = null where project_id = 'a'")
                .update();

        assertThat(found(first, other)).containsExactly("VALUE users[a/u].metadata " + first.key());
    }

    @Test
    void whichever_of_two_that_tell_different_things_at_a_time_is_kept_nothing_is_said() {
        Item second = user("b", 1, PRO);
        Item first = user("b", 0, FREE);
        stored(second);
        stored(first);
        committedAfter(1, first, second);

        assertThat(metadata("b")).isEqualTo("{\"plan\": \"pro\"}");
        assertThat(found(first, second)).isEmpty();
    }

    @Test
    void one_that_tells_nothing_and_is_stored_before_the_first_leaves_the_user_without_metadata() {
        Item second = user("c", 1, null);
        Item first = user("c", 0, FREE);
        stored(second);
        stored(first);
        committedAfter(1, first, second);

        assertThat(metadata("c")).isNull();
        assertThat(found(first, second)).isEmpty();
    }

    @Test
    void who_came_when_the_first_was_stored_changes_nothing() {
        Item first = stored(user("d", 0, FREE));
        Item late = stored(user("d", 12, PRO));
        committedAfter(10, first, late);
        sql.sql("update tracked_user set metadata = ?::jsonb where project_id = 'd'")
                .param(PRO)
                .update();

        assertThat(found(late)).containsExactly("VALUE users[d/u].metadata " + first.key());
    }

    @Test
    void within_a_second_after_the_first_was_stored_two_clocks_may_differ() {
        Item first = stored(user("e", 0, FREE));
        Item late = stored(user("e", 10.9, PRO));
        committedAfter(10, first, late);
        sql.sql("update tracked_user set metadata = ?::jsonb where project_id = 'e'")
                .param(PRO)
                .update();

        assertThat(found(first)).isEmpty();
    }

    @Test
    void a_session_that_follows_its_second_user_is_found_unless_both_came_at_a_time() {
        Item first = stored(session("f", 0, "ann"));
        Item second = stored(session("f", 20, "bob"));
        committedAfter(1, first, second);
        sql.sql("update session set user_id = 'bob' where project_id = 'f'").update();

        assertThat(found(first, second)).containsExactly("VALUE sessions[f/s].user_id " + first.key());
        committedAfter(30, first);
        assertThat(found(first, second)).isEmpty();
    }

    @Test
    void a_session_without_a_user_takes_that_of_another_and_this_contests_nothing() {
        Item first = stored(session("g", 0, "ann"));
        Item other = stored(session("g", 1, null));
        committedAfter(10, first, other);
        sql.sql("update session set user_id = null where project_id = 'g'").update();

        assertThat(found(first, other)).containsExactly("VALUE sessions[g/s].user_id " + first.key());
    }

    @Test
    void others_under_way_with_another_user_are_no_doubt_but_those_whose_evidence_cannot_be_read_are() {
        Item first = stored(user("h", 0, FREE));
        Item other = stored(message("h", 1, "s", "someone-else", PRO));
        Item unread = stored(user("h", 2, FREE));
        committedAfter(10, first, other, unread);
        sql.sql("update tracked_user set metadata = null where project_id = 'h' and id = 'u'")
                .update();

        assertThat(found(first)).containsExactly("VALUE users[h/u].metadata " + first.key());
        sql.sql("update ledger set evidence = 'none' where item_key = ?")
                .param(unread.key().value())
                .update();
        assertThat(found(first)).isEmpty();
    }

    @Test
    void a_dead_letter_of_long_ago_is_not_accused_of_what_a_forgotten_item_told() {
        Item forgotten = stored(user("i", 1, PRO));
        Item replayed = stored(user("i", 0, FREE));
        committedAfter(3_600_000, replayed);
        sql.sql("delete from ledger where item_key = ?")
                .param(forgotten.key().value())
                .update();

        assertThat(found(replayed)).as("if the ledger reached so far").hasSize(1);
        Clock later = Clock.fixed(START.plus(Duration.ofDays(42)), ZoneOffset.UTC);
        assertThat(found(traces.audit(LedgerReach.of(Duration.ofDays(30), later)), replayed))
                .isEmpty();
    }

    private List<String> found(Item... items) {
        return found(traces.audit(), items);
    }

    private static List<String> found(ResultAudit audit, Item... items) {
        List<Accepted> accepted = List.of(items).stream()
                .map(item -> new Accepted(
                        item.key(), TestTraces.onLegacy(item), Route.LEGACY, item.acceptedAt(), item.evidence()))
                .toList();
        return audit.verify(accepted).stream()
                .map(one -> one.kind() + " " + one.path() + " " + one.key())
                .toList();
    }

    private Item stored(Item item) {
        return traces.store(item);
    }

    private void committedAfter(int seconds, Item... items) {
        for (Item item : items) {
            sql.sql("update ledger set committed_at = ? where item_key = ?")
                    .params(
                            item.acceptedAt().plusSeconds(seconds).atOffset(ZoneOffset.UTC),
                            item.key().value())
                    .update();
        }
    }

    private @Nullable String metadata(String project) {
        return sql.sql("select metadata::text from tracked_user where project_id = ?")
                .param(project)
                .query(String.class)
                .list()
                .getFirst();
    }

    private static Item user(String project, double seconds, @Nullable String metadata) {
        return message(project, seconds, null, "u", metadata);
    }

    private static Item session(String project, double seconds, @Nullable String user) {
        return message(project, seconds, "s", user, null);
    }

    private static Item message(
            String project,
            double seconds,
            @Nullable String session,
            @Nullable String user,
            @Nullable String metadata) {
        String told = metadata == null ? "null" : "{\"Name\":\"Ann\",\"Metadata\":" + metadata + "}";
        String message = """
                {"ID":"t%s","ProjectID":"%s","SessionID":%s,"UserID":%s,"User":%s,"Name":"chat",\
                "Timestamp":"2026-11-21T12:00:00Z","Metadata":null,"Spans":[]}""".formatted(seconds, project, text(session), text(user), told);
        Instant acceptedAt = START.plusMillis((long) (seconds * 1_000));
        if (TestTraces.codec().read(message.getBytes(UTF_8), acceptedAt) instanceof Reading.Read read) {
            return read.item();
        }
        throw new IllegalStateException("not a trace: " + message);
    }

    private static String text(@Nullable String value) {
        return value == null ? "null" : '"' + value + '"';
    }
}
