package dev.shunt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class RecordingsTest {

    private static final Instant NOW = Instant.parse("2027-03-01T12:00:00Z");
    private static final Phase PHASE = Phase.PLAN.getFirst();

    @Test
    void every_trace_has_ids_of_its_own_and_parents_among_its_spans() {
        Recordings recordings = Recordings.published(7);
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 400; i++) {
            DemoTrace trace = recordings.next(PHASE, DemoTrace.Way.HTTP, NOW);
            assertThat(ids.add(trace.id())).isTrue();
            Set<String> spans = new HashSet<>();
            for (JsonNode span : trace.request().path("spans")) {
                assertThat(ids.add(span.path("span_id").stringValue())).isTrue();
                spans.add(span.path("span_id").stringValue());
            }
            for (JsonNode span : trace.request().path("spans")) {
                if (!span.path("parent_span_id").asString("").isEmpty()) {
                    assertThat(spans).contains(span.path("parent_span_id").stringValue());
                }
            }
        }
    }

    @Test
    void times_move_to_now_together() {
        var recorded = (ObjectNode) Recordings.JSON.readTree("""
                {"trace_id":"t","name":"n","spans":[
                 {"span_id":"a","start_time":"2026-11-21T21:10:42.018Z","end_time":"2026-11-21T21:10:43.018Z"},
                 {"span_id":"b","parent_span_id":"a","start_time":"2026-11-21T21:10:42.500Z"}]}""");

        JsonNode spans = new Recordings(Stream.of(recorded).toList(), 1)
                .next(PHASE, DemoTrace.Way.LIST, NOW)
                .request()
                .path("spans");

        Instant start = Instant.parse(spans.path(0).path("start_time").stringValue());
        assertThat(start).isBetween(NOW, NOW.plusMillis(1));
        assertThat(spans.path(0).path("end_time").stringValue())
                .isEqualTo(start.plusSeconds(1).toString());
        assertThat(Duration.between(
                        start, Instant.parse(spans.path(1).path("start_time").stringValue())))
                .isEqualTo(Duration.ofMillis(482));
    }

    @Test
    void contents_are_kept_and_the_same_seed_makes_the_same_traces() {
        DemoTrace one = Recordings.published(3).next(PHASE, DemoTrace.Way.HTTP, NOW);
        DemoTrace same = Recordings.published(3).next(PHASE, DemoTrace.Way.HTTP, NOW);

        assertThat(one.httpBody()).isEqualTo(same.httpBody());
    }
}
