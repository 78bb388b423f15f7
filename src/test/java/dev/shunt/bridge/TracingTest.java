package dev.shunt.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.TestPropertySource;

/** One trace from the door into the store on every way, and nothing that clients sent in spans or logs. */
@ExtendWith(OutputCaptureExtension.class)
@TestPropertySource(
        properties = {
            "shunt.data=target/tracing",
            "management.tracing.export.enabled=true",
            "management.tracing.sampling.probability=1.0",
            "management.opentelemetry.tracing.export.schedule-delay=100ms",
            "shunt.rollout.webhook.url=http://127.0.0.1:1/hook-SECRET-hook",
            "shunt.rollout.webhook.secret=SECRET-of-the-webhook",
            "shunt.temporal.codecs=zlib,aes-gcm",
            "shunt.temporal.codec-key=k1",
            "shunt.temporal.codec-keys.k1=U0VDUkVULWFlcy1rZXktMQ=="
        })
class TracingTest extends DeadLetterSuite {

    private static final String MARKER = "MARKER-of-a-payload";
    private static final SplittableRandom RANDOM = new SplittableRandom();

    @Autowired
    Recorder recorder;

    @Autowired
    CircuitBreaker breaker;

    @TestConfiguration
    static class Exporting {
        @Bean
        Recorder recorder() {
            return new Recorder();
        }
    }

    /** Keeps every span. */
    static final class Recorder implements SpanExporter {

        final Queue<SpanData> spans = new ConcurrentLinkedQueue<>();

        @Override
        public CompletableResultCode export(Collection<SpanData> ended) {
            spans.addAll(ended);
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }

    @Test
    void on_legacy_the_callers_trace_goes_from_the_door_through_the_list_into_the_store() {
        String caller = sent("by-legacy", "fine", "LEGACY");
        SpanData store = awaitSpan(caller, "shunt store");
        SpanData consume = parent(store, "shunt consume");
        SpanData accept = parent(consume, "shunt accept");
        SpanData http = parent(accept, "http post /v1/traces");
        assertThat(http.getParentSpanId()).isEqualTo("b7ad6b7169203331");
        assertThat(said(accept, "shunt.route")).isEqualTo("LEGACY");
        assertThat(said(accept, "shunt.item")).contains(":by-legacy:");
        assertThat(said(store, "shunt.outcome")).isEqualTo("Stored");
    }

    @Test
    void on_temporal_it_goes_through_the_workflow_and_its_step_into_the_store() {
        client().percentage(100);
        String caller = sent("by-temporal", "fine", "TEMPORAL");
        SpanData store = awaitSpan(caller, "shunt store");
        SpanData step = parent(store, "shunt activity persistTrace");
        SpanData start = parent(step, "shunt start workflow");
        SpanData accept = parent(start, "shunt accept");
        parent(accept, "http post /v1/traces");
        SpanData workflow = awaitSpan(caller, "shunt workflow TraceWorkflow");
        assertThat(workflow.getParentSpanId()).isEqualTo(start.getSpanId());
        assertThat(said(step, "temporal.workflow.id")).startsWith("trace:default:by-temporal:");
    }

    @Test
    void over_a_fallback_it_is_the_same_trace() {
        client().percentage(100);
        breaker.transitionToForcedOpenState();
        try {
            String caller = sent("fallen-back", "fine", "LEGACY");
            SpanData consume = parent(awaitSpan(caller, "shunt store"), "shunt consume");
            assertThat(said(consume, "shunt.reason")).isEqualTo("FALLBACK");
            parent(consume, "shunt accept");
        } finally {
            breaker.transitionToClosedState();
        }
    }

    @Test
    void over_a_recall_it_is_the_same_trace() {
        client().percentage(100);
        String caller = sent("recalled", "later", "TEMPORAL");
        assertThat(client().post("/api/v1/rollouts/trace/recall", "{}", "If-Match", "*")
                        .status())
                .isEqualTo(200);
        heal();
        awaitStored("recalled");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(of(caller, "shunt consume"))
                        .anySatisfy(consume ->
                                assertThat(said(consume, "shunt.reason")).isEqualTo("RECALL")));
        awaitSpan(caller, "shunt activity persistTrace");
        awaitSpan(caller, "shunt store");
    }

    @Test
    void a_replay_belongs_to_whoever_ordered_it() {
        long id = dead("replayed-traced");
        heal();
        String trace = randomTrace();
        assertThat(client().post(
                                "/api/v1/dead-letters/" + id + "/replay",
                                "",
                                "traceparent",
                                "00-" + trace + "-b7ad6b7169203331-01")
                        .status())
                .isEqualTo(200);
        SpanData store = awaitSpan(trace, "shunt store");
        parent(parent(store, "shunt consume"), "shunt replay");
    }

    /** Postgres quotes whole rows in its errors, parsers the place where they stopped: none of it may be told. */
    @Test
    void neither_payloads_nor_secrets_stand_in_logs_or_spans(CapturedOutput output) {
        Logger ours = (Logger) LoggerFactory.getLogger("dev.shunt");
        ours.setLevel(Level.DEBUG);
        try {
            provokeEverything();
        } finally {
            ours.setLevel(null);
        }
        assertThat(output.getAll()).contains("is a dead letter").contains("is rejected");
        List<String> forbidden = List.of(MARKER, "SECRET", "U0VDUkVULWFlcy1rZXktMQ");
        assertThat(output.getAll().lines().filter(line -> forbidden.stream().anyMatch(line::contains)))
                .isEmpty();
        assertThat(recorder.spans)
                .allSatisfy(span ->
                        assertThat(span.toString()).doesNotContain(MARKER).doesNotContain("SECRET"));
    }

    private void provokeEverything() {
        sql.sql("""
                create or replace function fail_named() returns trigger language plpgsql as $$
                begin
                    if new.name = 'quoted' then
                        raise exception 'refused: %', new.metadata using errcode = '23514', detail = new.metadata::text;
                    end if;
                    if new.name = 'later' then
                        raise exception 'later' using errcode = '57014', detail = new.metadata::text;
                    end if;
                    return new;
                end $$
                """).update();
        for (int percent : new int[] {0, 100}) {
            client().percentage(percent);
            String trace = "quoted-" + percent;
            marked(trace, "quoted");
            await().atMost(SOON).until(() -> deadIds(trace).size() == 1);
            marked("retried-" + percent, "later");
        }
        client().trace("{\"trace_id\":\"x\",\"name\":\"n\",\"metadata\":{\"" + MARKER + "\":1e999}}");
        client().trace("{\"trace_id\":\"x\",\"name\":\"n\",\"spans\":[{\"level\":[\"" + MARKER + "\"]}]}");
        client().trace("{\"" + MARKER + "\":");
        inRedis(redis -> redis.lpush(
                "cognobserve:traces",
                "not json " + MARKER,
                "{\"ID\":\"tapped\",\"ProjectID\":\"p\",\"Name\":\"" + MARKER + "\",\"Spans\":7}"));
        await().atMost(SOON)
                .until(() -> sql.sql("select count(*) from dead_letter where position(:marker::bytea in raw) > 0")
                                .param("marker", MARKER.getBytes(UTF_8))
                                .query(Long.class)
                                .single()
                        >= 4);
        client().post("/api/v1/rollouts/trace/recall", "{}", "If-Match", "*");
        heal();
        awaitStored("retried-0");
        awaitStored("retried-100");
    }

    private void marked(String trace, String name) {
        String body = """
                {"trace_id":"%s","name":"%s","metadata":{"m":"%3$s"},"user":{"email":"%3$s"},
                 "spans":[{"name":"%3$s","input":{"i":"%3$s"},"status_message":"%3$s"}]}""".formatted(trace, name, MARKER);
        assertThat(client().trace(body).status()).isEqualTo(202);
    }

    private String sent(String id, String name, String route) {
        String trace = randomTrace();
        var answer = client().trace(
                        ("{\"trace_id\":\"" + id + "\",\"name\":\"" + name + "\"}").getBytes(UTF_8),
                        "traceparent",
                        "00-" + trace + "-b7ad6b7169203331-01");
        assertThat(answer.text("route")).as(answer.body()).isEqualTo(route);
        return trace;
    }

    private static String randomTrace() {
        byte[] id = new byte[16];
        RANDOM.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }

    private SpanData awaitSpan(String trace, String name) {
        return await().atMost(Duration.ofSeconds(30))
                .until(() -> of(trace, name).stream().findFirst(), Optional::isPresent)
                .orElseThrow();
    }

    /** A span is exported when it ends, so a parent may come after its child. */
    private SpanData parent(SpanData child, String name) {
        SpanData found = await().atMost(Duration.ofSeconds(30))
                .until(
                        () -> recorder.spans.stream()
                                .filter(span -> span.getSpanId().equals(child.getParentSpanId()))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
        assertThat(found.getName()).isEqualTo(name);
        assertThat(found.getTraceId()).isEqualTo(child.getTraceId());
        return found;
    }

    private List<SpanData> of(String trace, String name) {
        return recorder.spans.stream()
                .filter(span ->
                        span.getTraceId().equals(trace) && span.getName().equals(name))
                .toList();
    }

    private static String said(SpanData span, String attribute) {
        return String.valueOf(span.getAttributes().get(AttributeKey.stringKey(attribute)));
    }
}
