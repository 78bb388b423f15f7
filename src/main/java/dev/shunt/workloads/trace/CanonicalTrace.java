package dev.shunt.workloads.trace;

import dev.shunt.core.Canonical;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The trees of a trace's parts, wherever they were read. Names are those of the columns. */
final class CanonicalTrace {

    private CanonicalTrace() {}

    /** The trace's own row. */
    static Canonical trace(TraceMessage trace) {
        Map<String, Canonical> fields = new LinkedHashMap<>();
        fields.put("name", Canonical.text(trace.name()));
        fields.put("occurred_at", Canonical.time(trace.timestamp()));
        fields.put("session_id", Canonical.text(trace.sessionId()));
        fields.put("user_id", Canonical.text(trace.userId()));
        fields.put("metadata", json(trace.metadata()));
        return Canonical.members(fields);
    }

    /** A span with its costs. */
    static Canonical span(StoredSpan stored) {
        SpanMessage span = stored.span();
        Map<String, Canonical> fields = new LinkedHashMap<>();
        fields.put("parent_span_id", Canonical.text(span.parentSpanId()));
        fields.put("name", Canonical.text(span.name()));
        fields.put("start_time", Canonical.time(span.startTime()));
        fields.put("end_time", Canonical.time(span.endTime()));
        fields.put("input", json(span.input()));
        fields.put("output", json(span.output()));
        fields.put("metadata", json(span.metadata()));
        fields.put("model", Canonical.text(span.model()));
        fields.put("model_parameters", json(span.modelParameters()));
        fields.put("prompt_tokens", count(span.promptTokens()));
        fields.put("completion_tokens", count(span.completionTokens()));
        fields.put("total_tokens", count(span.totalTokens()));
        fields.put("level", Canonical.text(span.level().name()));
        fields.put("status_message", Canonical.text(span.statusMessage()));
        fields.put("price_state", Canonical.text(stored.priceState()));
        fields.put("input_cost", Canonical.amount(stored.inputCost()));
        fields.put("output_cost", Canonical.amount(stored.outputCost()));
        fields.put("total_cost", Canonical.amount(stored.totalCost()));
        fields.put("summarised", new Canonical.Truth(stored.summarised()));
        return Canonical.members(fields);
    }

    /** What item's spans add to the daily summaries, by {@code day/model}: computed anew, in exact numbers. */
    static Canonical contribution(List<StoredSpan> spans) {
        Map<String, Map<String, BigDecimal>> sums = new LinkedHashMap<>();
        for (StoredSpan stored : spans) {
            String model = stored.summarised() ? Billing.of(stored.span()).summaryModel() : null;
            if (model != null) {
                String day = stored.span().startTime().toString().substring(0, 10);
                add(sums, day + "/" + model, stored);
                add(sums, day + "/" + ModelNames.ALL, stored);
            }
        }
        Map<String, Canonical> elements = new LinkedHashMap<>();
        sums.forEach((id, columns) -> elements.put(id, amounts(columns)));
        return Canonical.elements(elements);
    }

    static Canonical amounts(Map<String, BigDecimal> columns) {
        Map<String, Canonical> fields = new LinkedHashMap<>();
        columns.forEach((name, value) -> fields.put(name, Canonical.amount(value)));
        return Canonical.members(fields);
    }

    private static void add(Map<String, Map<String, BigDecimal>> sums, String id, StoredSpan stored) {
        Map<String, BigDecimal> columns = sums.computeIfAbsent(id, fresh -> new LinkedHashMap<>());
        SpanMessage span = stored.span();
        BigDecimal prompt = number(span.promptTokens());
        BigDecimal completion = number(span.completionTokens());
        sum(columns, "spans", BigDecimal.ONE);
        sum(columns, "unpriced_spans", stored.priceState().equals("UNPRICED") ? BigDecimal.ONE : BigDecimal.ZERO);
        sum(columns, "prompt_tokens", prompt);
        sum(columns, "completion_tokens", completion);
        sum(columns, "total_tokens", span.totalTokens() == null ? prompt.add(completion) : number(span.totalTokens()));
        sum(columns, "input_cost", orZero(stored.inputCost()));
        sum(columns, "output_cost", orZero(stored.outputCost()));
        sum(columns, "total_cost", orZero(stored.totalCost()));
    }

    private static void sum(Map<String, BigDecimal> columns, String name, BigDecimal value) {
        columns.merge(name, value, BigDecimal::add);
    }

    /** JSON as a tree: numbers by value, members in no order. Text that is no JSON stays a text. */
    static Canonical json(@Nullable String text) {
        if (text == null) {
            return Canonical.NOTHING;
        }
        try {
            return json(JsonReader.read(text, JsonReader.Limits.OF_STORE));
        } catch (WireFault notJson) {
            return Canonical.text(text);
        }
    }

    private static Canonical json(Json value) {
        return switch (value) {
            case Json.Null ignored -> Canonical.NOTHING;
            case Json.Bool bool -> new Canonical.Truth(bool.value());
            case Json.Num number -> Canonical.amount(new BigDecimal(number.text()));
            case Json.Str text -> Canonical.text(text.value());
            case Json.Arr array ->
                new Canonical.Sequence(
                        array.values().stream().map(CanonicalTrace::json).toList());
            case Json.Obj object -> {
                Map<String, Canonical> members = new LinkedHashMap<>();
                object.members().forEach((name, member) -> members.put(name, json(member)));
                yield Canonical.members(members);
            }
        };
    }

    private static Canonical count(@Nullable Integer value) {
        return value == null ? Canonical.NOTHING : Canonical.count(value.longValue());
    }

    private static BigDecimal number(@Nullable Integer value) {
        return value == null ? BigDecimal.ZERO : BigDecimal.valueOf(value);
    }

    private static BigDecimal orZero(@Nullable BigDecimal value) {
        return value == null ? BigDecimal.ZERO : value;
    }
}
