package dev.shunt.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.oldworker.OldNodeWorker;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A team keeps its old worker: Shunt stands in front of it, and knows what it did from the rows that it wrote. */
@Tag("slow")
class ExternalLegacyTest extends ExternalLossSuite {

    @BeforeEach
    void nothing_goes_to_temporal() {
        client().percentage(0);
    }

    @AfterEach
    void what_was_found_is_forgotten() {
        sql.sql("truncate divergence").update();
    }

    @Test
    void what_producers_push_is_stored_by_the_old_worker_and_nothing_differs() {
        OldNodeWorker worker = start();
        List<String> pushed = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            pushed.add(message("p", "pushed-" + i, "s" + i));
        }
        pushed.forEach(this::push);
        Client.Answer answer = client().trace("""
                        {"trace_id":"door-1","name":"n","session_id":"s","user_id":"u","user":{"name":"Ann","metadata":{"plan":"pro"}},
                        "metadata":{},"spans":[{"span_id":"door-1-a","name":"a","input":{},"output":{},"model":"GPT-4o",
                        "usage":{"prompt_tokens":7,"completion_tokens":0},"level":"whatever","status_message":""}]}""".getBytes(UTF_8), "X-Project-ID", "p");

        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        assertThat(answer.text("route")).isEqualTo("LEGACY");
        await().atMost(SOON).untilAsserted(() -> assertThat(done("p", "LEGACY")).isEqualTo(21));
        assertThat(worker.taken().subList(0, 21)).containsAll(pushed).noneMatch(message -> message.contains("Shunt"));
        await().atMost(SOON).untilAsserted(() -> assertThat(verified()).isEqualTo(21));
        assertThat(paths("p")).isEmpty();
        assertThat(inFlight("p")).isZero();
        assertThat(client().get("/api/v1/items/trace/p/door-1").body()).contains("a worker outside Shunt", "0.000018");
        assertThat(sql.sql("select count(*) from trace where project_id = 'p'")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void what_the_old_worker_did_otherwise_is_found_with_kind_and_path() {
        String at = "2026-11-20";
        push(message("q", "changed", "c1").replace("2026-11-21", at));
        push(message("q", "lost-span", "c2").replace("2026-11-21", at));
        push(message("q", "alike", "c3").replace("2026-11-21", at));
        awaitForwarded(3);
        // what the worker does from here on goes wrong, in the same moment in which it does it
        sql.sql("""
                create or replace function old.wrong() returns trigger language plpgsql as $$
                begin
                    if new."traceId" = 'lost-span' and new."id" like '%-b' then return null; end if;
                    if new."traceId" = 'changed' and new."id" like '%-a' then
                        new."startTime" = date_trunc('second', new."startTime");
                        new."promptTokens" = nullif(new."promptTokens", 0);
                        new."parentSpanId" = nullif(new."parentSpanId", '');
                        new."metadata" = case when new."metadata" = '{}' then null else new."metadata" end;
                    end if;
                    return new;
                end $$""").update();
        sql.sql("create trigger wrong before insert on old.\"Span\" for each row execute function old.wrong()")
                .update();
        try {
            start();
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(done("q", "LEGACY")).isEqualTo(3));
        } finally {
            sql.sql("drop trigger wrong on old.\"Span\"").update();
        }
        sql.sql("update old.\"Span\" set \"totalCost\" = round(\"totalCost\", 3) where \"id\" = 'c3-a'")
                .update();
        sql.sql("delete from old.cost_daily_summary where \"model\" = '__all__' and \"projectId\" = 'q'")
                .update();

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(paths("q"))
                        .contains(
                                "VALUE spans[c1-a].start_time",
                                "VALUE spans[c1-a].parent_span_id",
                                "VALUE spans[c1-a].metadata",
                                "MISSING spans[c2-b]",
                                "VALUE spans[c3-a].total_cost",
                                "SUMMARY summaries[q/2026-11-20/__all__]"));
        assertThat(paths("q"))
                .noneMatch(path -> path.contains("input") && !path.contains("cost"))
                .noneMatch(path -> path.contains("level"));
    }

    @Test
    void what_temporal_did_not_take_ends_in_the_old_workers_list() {
        var client = client();
        client.awaitBothRoutes();
        client.percentage(100);
        push(message("r", "on-temporal", "t1"));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(done("r", "TEMPORAL")).isEqualTo(1));
        assertThat(sql.sql("select count(*) from trace where id = 'on-temporal'")
                        .query(Long.class)
                        .single())
                .isEqualTo(1);

        var rollback = client.post("/api/v1/rollouts/trace/rollback", "{\"reason\":\"back to the old worker\"}");
        assertThat(rollback.status()).as(rollback.body()).isEqualTo(200);
        start();
        push(message("r", "after-rollback", "t2"));
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(sql.sql("select count(*) from old.\"Trace\" where \"id\" = 'after-rollback'")
                                        .query(Long.class)
                                        .single())
                                .isEqualTo(1));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(state("after-rollback")).isEqualTo("DONE LEGACY"));
    }

    private static String message(String project, String trace, String span) {
        return """
                {"ID":"%s","ProjectID":"%s","SessionID":"s","UserID":"u","User":{"Name":"Ann","Metadata":{"plan":"pro"}},\
                "Name":"chat","Timestamp":"2026-11-21T12:00:00.123456789Z","Metadata":{"z":1,"a":0.10},"Spans":[\
                {"ID":"%s-a","TraceID":"%s","ParentSpanID":"","Name":"llm","StartTime":"2026-11-21T12:00:00.5004Z",\
                "EndTime":"2026-11-21T14:00:01.25+02:00","Input":{"q":["\\u003cb\\u003e",1.50]},"Output":{},"Metadata":{},\
                "Model":"gpt-4o","ModelParameters":null,"Usage":{"PromptTokens":1001,"CompletionTokens":17,\
                "TotalTokens":null},"Level":2,"StatusMessage":""},\
                {"ID":"%s-b","TraceID":"%s","ParentSpanID":"%s-a","Name":"tool","StartTime":"2026-11-21T12:00:00Z",\
                "EndTime":null,"Input":null,"Output":null,"Metadata":null,"Model":"unheard-of","ModelParameters":{"t":0},\
                "Usage":{"PromptTokens":0,"CompletionTokens":3,"TotalTokens":9},"Level":9,"StatusMessage":null}]}""".formatted(trace, project, span, trace, span, trace, span);
    }

    private long verified() {
        return sql.sql("select count(*) from ledger where project_id = 'p' and checked_at is not null")
                .query(Long.class)
                .single();
    }
}
