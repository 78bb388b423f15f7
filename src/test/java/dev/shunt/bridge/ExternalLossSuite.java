package dev.shunt.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.oldworker.OldNodeWorker;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Statement;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What an old worker loses or gives up, and what is said while nobody can tell what it did. */
abstract class ExternalLossSuite extends ExternalSuite {

    private @Nullable Process killed;

    @AfterEach
    void no_process_is_left() {
        if (killed != null) {
            killed.destroyForcibly();
        }
    }

    @Test
    void while_the_old_tables_cannot_be_read_nothing_is_missing_and_nothing_is_proven() {
        projects("n");
        OldNodeWorker slow = worker(ZoneOffset.UTC);
        push(trace("n", "unread", 10, "gpt-4o", ""));
        awaitForwarded(1);
        sql.sql("alter table old.\"Trace\" rename to gone").update();
        byte[] inHand = slow.loseNext();
        try {
            await().atMost(SOON)
                    .untilAsserted(() ->
                            assertThat(status().path("notKnown").toString()).contains("n:unread:"));
            JsonNode report =
                    client().get("/api/v1/comparison/trace/report?format=json").json();
            assertThat(report.at("/verdict/word").asString("")).isEqualTo("INCONCLUSIVE");
            assertThat(report.at("/verdict/because").toString())
                    .contains("what the worker outside did is not known", "must name a table, was 'Trace'");
        } finally {
            sql.sql("alter table old.gone rename to \"Trace\"").update();
        }
        slow.handle(inHand);
        slow.close();

        await().atMost(SOON).untilAsserted(() -> assertThat(done("n", "LEGACY")).isEqualTo(1));
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(status().path("problem").asString("none")).isEqualTo("none"));
        assertThat(found("n")).isEmpty();
    }

    @Test
    void what_a_killed_worker_had_in_hand_is_missing_by_its_key_and_nothing_else_is() throws Exception {
        projects("killed");
        Process process = spawn();
        killed = process; // again after the test, if that fails in between
        push(trace("killed", "before", 10, "gpt-4o", ""));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(done("killed", "LEGACY")).isEqualTo(1));
        try (Connection lock = database().getConnection();
                Statement statement = lock.createStatement()) {
            lock.setAutoCommit(false);
            statement.execute("lock table old.\"Trace\" in exclusive mode");
            IntStream.of(1, 2, 3)
                    .forEach(i -> push(trace(
                            "killed",
                            "after-" + i,
                            10,
                            "gpt-4o",
                            "\"SessionID\":\"s" + i + "\",\"UserID\":\"u" + i + "\",")));
            await().atMost(SOON)
                    .untilAsserted(() ->
                            assertThat(sql.sql("""
                                    select count(*) from pg_locks l join pg_database d on d.oid = l.database
                                    where not l.granted and d.datname = current_database()
                                    """).query(Long.class).single()).isEqualTo(1));
            process.destroyForcibly().waitFor(); // kill -9, between the session's commit and the trace's
            lock.rollback();
        }
        start();

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(done("killed", "LEGACY")).isEqualTo(3));
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(found("killed")).singleElement().asString().startsWith("CONSERVATION MISSING item"));
        assertThat(sql.sql("select item_key from divergence where item_key like 'killed:%'")
                        .query(String.class)
                        .single())
                .startsWith("killed:after-1:");
        assertThat(sql.sql("select count(*) from old.trace_sessions where \"projectId\" = 'killed'")
                        .query(Long.class)
                        .single())
                .as("the session of the lost trace stays behind, as with the old worker (D-08)")
                .isEqualTo(3);
    }

    @Test
    void what_the_old_worker_gives_up_is_a_dead_letter() {
        push(trace("nobody", "unknown-project", 10, "gpt-4o", ""));
        awaitForwarded(1);
        handleNext();

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(state("unknown-project")).isEqualTo("DEAD LEGACY"));
        assertThat(sql.sql("select reason from dead_letter where item_key like 'nobody:unknown-project:%'")
                        .query(String.class)
                        .single())
                .contains("given up by the worker outside");
    }

    @Test
    void what_it_loses_is_missing_and_then_a_dead_letter_to_be_sent_again_or_written_off() {
        projects("l");
        push(trace("l", "wanted", 10, "gpt-4o", ""));
        push(trace("l", "given-away", 10, "gpt-4o", ""));
        awaitForwarded(2);
        try (var dying = worker(ZoneOffset.UTC)) {
            dying.loseNext();
            dying.loseNext();
        }

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(lost("l"))
                        .extracting(one -> one.path("kept").asBoolean())
                        .containsExactly(true, true));
        assertThat(paths("l")).containsExactly("MISSING item", "MISSING item");
        assertThat(List.of(state("wanted"), state("given-away"))).containsOnly("DEAD LEGACY");
        assertThat(inFlight("l")).isZero();
        assertThat(client().get("/api/v1/comparison/trace/report?format=markdown")
                        .body())
                .containsPattern("lost, and neither sent again nor written off.*[1-9]");

        start();
        for (JsonNode one : lost("l")) {
            boolean wanted = one.path("item").asString("").startsWith("l:wanted:");
            var answer = client().post(
                            "/api/v1/dead-letters/" + one.path("letter").asLong() + (wanted ? "/replay" : "/discard"),
                            wanted ? "" : "{\"reason\":\"its producer has sent it again\"}");
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        }

        await().atMost(SOON).untilAsserted(() -> assertThat(state("wanted")).isEqualTo("DONE LEGACY"));
        assertThat(sql.sql("select \"id\" from old.\"Trace\" where \"projectId\" = 'l'")
                        .query(String.class)
                        .list())
                .containsExactly("wanted");
        assertThat(state("given-away")).isEqualTo("DEAD LEGACY");
        assertThat(lost("l")).isEmpty();
    }

    private void handleNext() {
        try (var worker = worker(ZoneOffset.UTC)) {
            worker.next(5);
        }
    }

    private List<JsonNode> lost(String project) {
        return status().path("lost")
                .valueStream()
                .filter(one -> one.path("item").asString("").startsWith(project + ":"))
                .toList();
    }

    private Process spawn() throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OldNodeWorker.class.getName(),
                        redisUrl,
                        "old:traces",
                        "cognobserve:dlq",
                        jdbcUrl)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
