package dev.shunt.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.core.DeadLetters;
import dev.shunt.core.DeadLetters.DeadLetter;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Route;
import dev.shunt.core.Workload;
import dev.shunt.embedded.TestBackends;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is forgotten together with the items that it is about, and what never is. */
class FindingsRetentionTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private final DataSource database = TestBackends.migratedDatabase();
    private final JdbcClient sql = JdbcClient.create(database);
    private final FindingsRetention retention = retention(database);

    @Test
    void divergences_not_seen_for_the_retention_go_and_what_people_said_about_them_stays() {
        divergence("old", 31);
        divergence("at-the-edge", 30);
        divergence("young", 1);
        List.of("old", "at-the-edge", "young").forEach(path -> decided(path, "ACCEPTED"));

        retention.forget();

        assertThat(paths()).containsExactlyInAnyOrder("at-the-edge", "young");
        assertThat(sql.sql("select count(*) from divergence_judgement")
                        .query(Long.class)
                        .single())
                .isEqualTo(3);
    }

    @Test
    void what_the_gates_of_a_rollout_count_stays_until_it_has_ended() {
        decided("before", "ACCEPTED");
        decided("since", "ACCEPTED");
        divergence("before", 31, 41);
        divergence("since", 31, 39);
        decided("back", "ACCEPTED");
        divergence("back", 31, 41);
        sql.sql("update divergence set again_since = ? where path = 'back'")
                .param(utc(39))
                .update();
        shadowMinute(41);
        shadowMinute(39);
        rollout("HELD", 40);

        retention.forget();

        assertThat(paths()).containsExactlyInAnyOrder("since", "back");
        assertThat(shadowMinutes()).isEqualTo(1);

        sql.sql("update rollout set state = 'COMPLETED'").update();
        retention.forget();

        assertThat(paths()).isEmpty();
        assertThat(shadowMinutes()).isZero();
    }

    @Test
    void what_nobody_has_decided_about_stays_whatever_its_age() {
        divergence("undecided", 31);
        divergence("said-to-be-looked-at", 31);
        decided("said-to-be-looked-at", "ACCEPTED");
        decided("said-to-be-looked-at", "SEEN");
        divergence("fixed", 31);
        decided("fixed", "FIXED");
        divergence("came-back", 31);
        decided("came-back", "FIXED");
        sql.sql("update divergence_judgement set judged_at = ? where path_pattern = 'came-back'")
                .param(utc(32))
                .update();

        retention.forget();

        assertThat(paths()).containsExactlyInAnyOrder("undecided", "said-to-be-looked-at", "came-back");
    }

    @Test
    void a_divergence_that_is_seen_again_while_its_row_is_waited_for_stays() throws SQLException {
        divergence("again", 31);
        decided("again", "ACCEPTED");
        try (Connection other = database.getConnection()) {
            other.setAutoCommit(false);
            other.createStatement().executeUpdate("update divergence set last_seen = '2026-11-22 11:59:00Z'");
            CompletableFuture<Void> forgetting = CompletableFuture.runAsync(retention::forget);
            await().until(() -> sql.sql("""
                    select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
                    """).query(Long.class).single() == 1);
            other.commit();
            forgetting.join();
        }

        assertThat(paths()).containsExactly("again");
    }

    @Test
    void what_cannot_be_forgotten_now_keeps_nothing_else() throws SQLException {
        letter("discarded", "DISCARDED", 60, null, 31);
        for (String id : List.of("old", "newest")) {
            sql.sql("""
                    insert into gate_verdict (id, workload, rollout, phase, epoch, at, outcome, findings)
                    values (?, 'trace', 'first', 'p10', 7, ?, 'PASS', '[]')
                    """).params(id, utc(id.equals("old") ? 40 : 39)).update();
        }
        var source = (PGSimpleDataSource) database;
        var impatient = new WatchSettings(3, Duration.ofSeconds(3));
        try (Connection other = database.getConnection();
                WatchPool pool = new WatchPool(source.getUrl(), source.getUser(), source.getPassword(), impatient)) {
            other.setAutoCommit(false);
            other.createStatement().execute("lock table divergence in access exclusive mode");
            retention(pool.dataSource()).forget();
        }

        assertThat(sql.sql("select id from gate_verdict").query(String.class).list())
                .containsExactly("newest");
        assertThat(withMessage()).isEmpty();
    }

    @Test
    void minutes_of_shadow_pairs_go() {
        shadowMinute(31);
        shadowMinute(29);
        sql.sql("update shadow_minute set workload = 'another' where minute = ?")
                .param(utc(29))
                .update();
        shadowMinute(32);

        retention.forget();

        assertThat(shadowMinutes()).isEqualTo(1);
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

    private static FindingsRetention retention(DataSource database) {
        return new FindingsRetention(
                database, new RetentionSettings(Duration.ofDays(30)), Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private List<String> paths() {
        return sql.sql("select path from divergence").query(String.class).list();
    }

    private long shadowMinutes() {
        return sql.sql("select count(*) from shadow_minute").query(Long.class).single();
    }

    private void rollout(String state, int daysAgo) {
        sql.sql("""
                insert into rollout (workload, id, state, phase, started_at, phase_started_at, changed_at, plan_hash)
                values ('trace', 'first', ?, 'p10', ?, now(), now(), '')
                """).params(state, utc(daysAgo)).update();
    }

    private void decided(String path, String state) {
        sql.sql("""
                insert into divergence_judgement (workload, kind, path_pattern, state, judged_at, judged_by, reason)
                values ('trace', 'VALUE', ?, ?, ?, 'anna', 'known')
                """).params(path, state, utc(0)).update();
    }

    private void divergence(String path, int daysAgo) {
        divergence(path, daysAgo, 90);
    }

    private void divergence(String path, int daysAgo, int first) {
        sql.sql("""
                insert into divergence (workload, kind, path, path_pattern, item_key, found_by, first_seen, last_seen)
                values ('trace', 'VALUE', ?, ?, '', 'STORE', ?, ?)
                """).params(path, path, utc(first), utc(daysAgo)).update();
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
