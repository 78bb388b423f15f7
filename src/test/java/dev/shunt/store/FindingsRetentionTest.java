package dev.shunt.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.core.DeadLetters;
import dev.shunt.core.DeadLetters.DeadLetter;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Route;
import dev.shunt.core.Workload;
import dev.shunt.embedded.TestBackends;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is forgotten together with the items that it is about, and what never is. */
class FindingsRetentionTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private final DataSource database = TestBackends.migratedDatabase();
    private final JdbcClient sql = JdbcClient.create(database);
    private final FindingsRetention retention = new FindingsRetention(
            database, new RetentionSettings(Duration.ofDays(30)), Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void divergences_not_seen_for_the_retention_go_and_what_people_said_about_them_stays() {
        divergence("old", 31);
        divergence("at-the-edge", 30);
        divergence("young", 1);
        sql.sql("""
                insert into divergence_judgement (workload, kind, path_pattern, state, judged_by, reason)
                values ('trace', 'VALUE', 'old', 'ACCEPTED', 'anna', 'known')
                """).update();

        retention.forget();

        assertThat(sql.sql("select path from divergence").query(String.class).list())
                .containsExactlyInAnyOrder("at-the-edge", "young");
        assertThat(sql.sql("select count(*) from divergence_judgement")
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void minutes_of_shadow_pairs_go() {
        shadowMinute(31);
        shadowMinute(29);

        retention.forget();

        assertThat(sql.sql("select count(*) from shadow_minute")
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void the_message_of_a_letter_goes_long_after_it_was_decided_about_and_the_letter_stays() {
        letter("dead", "DEAD", 400, null, null);
        letter("discarded", "DISCARDED", 60, null, 31);
        letter("discarded-late", "DISCARDED", 60, null, 29);
        letter("stored", "REPLAYED", 60, 31, 32);
        letter("stored-late", "REPLAYED", 60, 29, 32);
        letter("still-to-be-sent", "REPLAYED", 60, null, 32);

        retention.forget();

        assertThat(withMessage())
                .containsExactlyInAnyOrder("dead", "discarded-late", "stored-late", "still-to-be-sent");
        assertThat(sql.sql("select count(*) from dead_letter").query(Long.class).single())
                .isEqualTo(6);
    }

    @Test
    void a_letter_whose_item_dies_again_has_its_message_again() {
        DeadLetters letters = TestDeadLetters.table(database);
        var letter = new DeadLetter(
                new Workload("trace"),
                new ItemKey("p:again:0123456789abcdef"),
                "again".getBytes(StandardCharsets.UTF_8),
                null,
                Route.TEMPORAL,
                "ID is missing",
                1,
                NOW.minus(Duration.ofDays(60)));
        letters.record(letter);
        sql.sql("update dead_letter set state = 'DISCARDED'").update();
        retention.forget();
        assertThat(withMessage()).isEmpty();

        letters.record(letter);

        assertThat(withMessage()).containsExactly("again");
    }

    private List<String> withMessage() {
        return sql.sql("select convert_from(raw, 'UTF8') from dead_letter where raw <> ''")
                .query(String.class)
                .list();
    }

    private void divergence(String path, int daysAgo) {
        sql.sql("""
                insert into divergence (workload, kind, path, path_pattern, item_key, found_by, first_seen, last_seen)
                values ('trace', 'VALUE', ?, ?, '', 'STORE', ?, ?)
                """).params(path, path, utc(90), utc(daysAgo)).update();
    }

    private void shadowMinute(int daysAgo) {
        sql.sql("""
                insert into shadow_minute (workload, minute, primary_route, shadow_route, mode)
                values ('trace', ?, 'LEGACY', 'TEMPORAL', 'OTHER_ROUTE')
                """).param(utc(daysAgo)).update();
    }

    private void letter(String text, String state, int died, @Nullable Integer stored, @Nullable Integer decided) {
        long id = sql.sql("""
                insert into dead_letter (workload, raw_sha256, item_key, raw, route, reason, attempts, died_at, stored_at, state)
                values ('trace', ?, ?, convert_to(?, 'UTF8'), 'TEMPORAL', 'ID is missing', 1, ?, ?::timestamptz, ?) returning id
                """)
                .param(text)
                .param("p:" + text + ":0123456789abcdef")
                .param(text)
                .param(utc(died))
                .param(stored == null ? null : utc(stored))
                .param(state)
                .query(Long.class)
                .single();
        if (decided != null) {
            sql.sql("insert into dead_letter_action (letter_id, at, action, actor) values (?, ?, ?, 'anna')")
                    .params(id, utc(decided), state.equals("DISCARDED") ? "DISCARD" : "REPLAY")
                    .update();
        }
    }

    private static java.time.OffsetDateTime utc(int daysAgo) {
        return NOW.minus(Duration.ofDays(daysAgo)).atOffset(ZoneOffset.UTC);
    }
}
