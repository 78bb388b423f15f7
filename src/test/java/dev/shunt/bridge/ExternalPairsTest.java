package dev.shunt.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.oldworker.Quirk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

/** Temporal processes apart what an old worker has stored, and both results are compared field by field. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("slow")
class ExternalPairsTest extends ExternalSuite {

    private static final Path DOCUMENT = Path.of("docs", "comparator.md");
    private static final Pattern TABLE =
            Pattern.compile("(<!-- rows of the old worker -->\n)(.*?)(<!-- end of rows -->)", Pattern.DOTALL);

    @BeforeEach
    void everything_is_processed_twice() {
        client().awaitBothRoutes();
        client().percentage(0);
        var order = client().post(
                        "/api/v1/shadow/trace", "{\"percentage\":100,\"mode\":\"OTHER_ROUTE\",\"reason\":\"test\"}");
        assertThat(order.status()).as(order.body()).isEqualTo(200);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(sql.sql("select to_regnamespace('shunt_shadow') is not null")
                                .query(Boolean.class)
                                .single())
                        .isTrue());
    }

    @Test
    @Order(1)
    void pairs_of_what_the_old_worker_stored_are_equal_where_both_do_the_same() {
        start();
        long before = pairs().path("compared").asLong();
        for (int i = 0; i < 12; i++) {
            push(trace(
                    "p",
                    "alike-" + i,
                    7 + i,
                    "gpt-4o",
                    "\"SessionID\":\"s" + i / 3 + "\",\"UserID\":\"u" + i % 2 + "\","));
        }
        await().atMost(SOON).untilAsserted(() -> assertThat(done("p", "LEGACY")).isEqualTo(12));

        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(pairs().path("compared").asLong() - before).isEqualTo(12));
        assertThat(found("p")).isEmpty();
        assertThat(pairs().path("routes").toString()).contains("\"primary\":\"LEGACY\",\"shadow\":\"TEMPORAL\"");
        assertThat(status().path("notCompared").toString()).isEqualTo("[\"spans[].status_message\"]");
        assertThat(client().get("/api/v1/comparison/trace/report?format=markdown")
                        .body())
                .contains("not compared: spans[].status_message");
        assertThat(sql.sql("select count(*) from shunt_shadow.trace")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    @Order(2)
    void what_the_old_worker_does_otherwise_than_temporal_is_seen_with_both_values() {
        start();
        projects("d09", "d10", "d19", "unpriced", "numbers");
        push(trace("d09", "t1", 10, "gpt-4o", "").replace("\"TotalTokens\":null", "\"TotalTokens\":9000"));
        push(trace("d10", "t2", 10, "gpt-4o", "")
                .replace("2026-11-20T12:00:01Z", "2026-11-19T12:00:01Z")
                .replace("\"PromptTokens\":0", "\"PromptTokens\":5"));
        push(trace("d19", "t3", 10, " GPT-4o ", ""));
        push(trace("unpriced", "t4", 10, "unheard-of", ""));
        push(trace("numbers", "t5", 10, "gpt-4o", "").replace("\"a\":0.10", "\"a\":12345678901234567890"));

        seen("d09", "SHADOW VALUE summaries[2026-11-20/gpt-4o].total_tokens 27 18000");
        seen("d10", "RECONCILIATION SUMMARY summaries[d10/2026-11-20/__all__].spans 1 2");
        seen("d19", "SHADOW MISSING summaries[2026-11-20/ gpt-4o ]", "SHADOW EXTRA summaries[2026-11-20/gpt-4o]");
        seen("unpriced", "SHADOW EXTRA summaries[2026-11-20/unheard-of]");
        seen("numbers", "SHADOW VALUE trace.metadata.a 12345678901234567000 12345678901234567890");
        for (String project : List.of("d09", "d19", "unpriced")) {
            assertThat(found(project)).as(project).allMatch(line -> line.contains("summaries["));
        }
    }

    @Test
    @Order(3)
    void a_worker_that_is_wrong_by_itself_is_seen_by_pairs_and_by_its_rows() {
        projects("float", "ignored", "unlinked", "tokyo");
        String visitors = "\"SessionID\":\"s\",\"UserID\":\"u\",";
        handled(trace("float", "f1", 93, "gpt-4o", ""), ZoneOffset.UTC, Quirk.FLOAT_COSTS);
        handled(trace("ignored", "i1", 10, "gpt-4o", visitors), ZoneOffset.UTC, Quirk.USER_IGNORED);
        handled(trace("unlinked", "l1", 10, "gpt-4o", visitors), ZoneOffset.UTC, Quirk.SESSION_WITHOUT_USER);
        handled(trace("tokyo", "k1", 10, "gpt-4o", "").replace("T12:00:00Z", "T20:00:00Z"), ZoneId.of("Asia/Tokyo"));

        seen(
                "float",
                "SHADOW VALUE spans[f1-a].input_cost 0.000232 0.000233",
                "RECONCILIATION VALUE spans[f1-a].input_cost 0.000233 0.000232");
        seen(
                "ignored",
                "SHADOW VALUE trace.user_id null u",
                "SHADOW VALUE session.user_id null u",
                "SHADOW EXTRA user null u",
                "RECONCILIATION VALUE user_id");
        seen(
                "unlinked",
                "SHADOW VALUE session.user_id null u",
                "RECONCILIATION VALUE sessions[unlinked/s].user_id u null");
        seen("tokyo", "RECONCILIATION SUMMARY summaries[tokyo/2026-11-20/gpt-4o]");
    }

    @Test
    @Order(4)
    void the_rows_of_the_old_workers_differences_are_those_of_the_document() throws IOException {
        List<ExternalRows> rows = ExternalRows.all();
        rows.forEach(row -> projects(row.project()));
        for (ExternalRows row : rows) {
            row.messages().forEach(message -> handled(message, row.zone()));
        }
        long sent = rows.stream().mapToLong(row -> row.messages().size()).sum();

        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(sql.sql("""
                                select count(*) from ledger where project_id like 'row-%' and checked_at is not null
                                """).query(Long.class).single()).isEqualTo(sent));
        // everything was sampled, since the first test: all of it has been compared
        await().atMost(SOON).untilAsserted(() -> {
            JsonNode pairs = pairs();
            assertThat(pairs.path("compared").asLong())
                    .as("%s", pairs)
                    .isEqualTo(sql.sql("select count(*) from ledger")
                            .query(Long.class)
                            .single());
        });
        awaitSumsOf("2026-11-18", "2026-11-19", "2026-11-20");
        Map<ExternalRows, Set<String>> found = new LinkedHashMap<>();
        for (ExternalRows row : rows) {
            found.put(row, patterns(row.project()));
            assertThat(found.get(row)).as("%s, %s", row.row(), row.sent()).isEqualTo(row.expected());
        }
        String written = Files.readString(DOCUMENT);
        String golden = TABLE.matcher(written)
                .replaceFirst(
                        part -> Matcher.quoteReplacement(part.group(1) + ExternalRows.table(found) + part.group(3)));
        if ("write".equals(System.getProperty("shunt.golden"))) {
            Files.writeString(DOCUMENT, golden);
        }
        assertThat(Files.readString(DOCUMENT)).isEqualTo(golden).contains("<!-- rows of the old worker -->");
    }

    /** Until these days have been added up once more: what is planted now as the sum of nothing is found by no earlier look. */
    private void awaitSumsOf(String... days) {
        projects("planted");
        for (String day : days) {
            sql.sql("""
                    insert into old.cost_daily_summary ("id", "projectId", "date", "model", "updatedAt")
                    values ('planted-' || :day, 'planted', :day::date, 'nothing', now())
                    """).param("day", day).update();
        }
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(paths("planted"))
                        .containsExactlyInAnyOrderElementsOf(Arrays.stream(days)
                                .map(day -> "SUMMARY summaries[planted/" + day + "/nothing]")
                                .toList()));
    }

    /** {@code KIND pattern mechanism}; which columns of a sum are off is left out. */
    private Set<String> patterns(String project) {
        return Set.copyOf(
                sql.sql("""
                        select distinct concat_ws(' ', kind, case when kind = 'SUMMARY' then regexp_replace(path_pattern, '[.].*', '')
                            else path_pattern end, found_by)
                        from divergence
                        where item_key like :project || ':%' or path like '%[' || :project || '/%'
                        """).param("project", project).query(String.class).list());
    }

    private void handled(String message, ZoneId zone, Quirk... quirks) {
        push(message);
        try (var one = worker(zone, quirks)) {
            assertThat(one.next(20)).isTrue();
        }
    }

    private JsonNode pairs() {
        return client().get("/api/v1/comparison/trace").json().path("pairs");
    }

    private void seen(String project, String... lines) {
        await().atMost(SOON).untilAsserted(() -> {
            List<String> found = found(project);
            for (String line : lines) {
                assertThat(found).as(project).anyMatch(one -> one.startsWith(line));
            }
        });
    }
}
