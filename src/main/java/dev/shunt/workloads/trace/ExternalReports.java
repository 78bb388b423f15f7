package dev.shunt.workloads.trace;

import dev.shunt.workloads.trace.ExternalRows.CostedSpan;
import dev.shunt.workloads.trace.ExternalRows.Stored;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Traces that a worker outside stored, in a form for people. Amounts are text: exact, without an exponent. */
final class ExternalReports {

    private ExternalReports() {}

    static String trace(Stored stored) {
        TraceMessage trace = stored.trace();
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("stored_by", new Json.Str("a worker outside Shunt"));
        members.put("id", text(trace.id()));
        members.put("name", text(trace.name()));
        members.put("occurred_at", text(trace.timestamp()));
        members.put("session_id", text(trace.sessionId()));
        members.put("user_id", text(trace.userId()));
        members.put("metadata", json(trace.metadata()));
        members.put(
                "spans",
                new Json.Arr(stored.spans().stream().map(ExternalReports::span).toList()));
        return JsonWriter.text(new Json.Obj(members));
    }

    private static Json span(CostedSpan stored) {
        SpanMessage span = stored.span();
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("id", text(span.id()));
        members.put("parent_span_id", text(span.parentSpanId()));
        members.put("name", text(span.name()));
        members.put("start_time", text(span.startTime()));
        members.put("end_time", text(span.endTime()));
        members.put("input", json(span.input()));
        members.put("output", json(span.output()));
        members.put("metadata", json(span.metadata()));
        members.put("model", text(span.model()));
        members.put("model_parameters", json(span.modelParameters()));
        members.put("prompt_tokens", number(span.promptTokens()));
        members.put("completion_tokens", number(span.completionTokens()));
        members.put("total_tokens", number(span.totalTokens()));
        members.put("level", text(span.level()));
        members.put("status_message", text(span.statusMessage()));
        members.put("input_cost", text(Findings.plain(stored.inputCost())));
        members.put("output_cost", text(Findings.plain(stored.outputCost())));
        members.put("total_cost", text(Findings.plain(stored.totalCost())));
        return new Json.Obj(members);
    }

    private static Json text(@Nullable Object value) {
        return value == null ? Json.Null.VALUE : new Json.Str(value.toString());
    }

    private static Json number(@Nullable Integer value) {
        return value == null ? Json.Null.VALUE : new Json.Num(value.toString());
    }

    private static Json json(@Nullable String value) {
        if (value == null) {
            return Json.Null.VALUE;
        }
        try {
            return JsonReader.read(value, JsonReader.Limits.OF_STORE);
        } catch (WireFault notJson) {
            return new Json.Str(value);
        }
    }
}
