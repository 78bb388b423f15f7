package dev.shunt.workloads.trace;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The table of cells of a queue message as the old Node worker stores it. It differs from {@link MessageCells} where that
 * worker does: times are cut to its precision, senseless ones become the time of processing (and cannot be verified), an
 * empty session or user is none.
 */
final class OutsideCells {

    /** What a row says of a field for which there is no column. */
    private static final Map<TraceField, Long> NULL_TRACE = StoredCells.trace(
            new TraceMessage("", "", null, null, null, "", Instant.EPOCH, null, List.of(), List.of()));

    private static final Map<SpanField, Long> NULL_SPAN = StoredCells.span(
                    new SpanMessage(
                            "",
                            null,
                            "",
                            Instant.EPOCH,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            SpanMessage.Level.DEFAULT,
                            null,
                            0),
                    Filled.NOTHING)
            .cells();

    private final int digits;
    private final ExternalColumns columns;

    OutsideCells(ExternalTraceSettings names) {
        this.digits = names.digits();
        this.columns = new ExternalColumns(names);
    }

    Cells of(Json.Obj root) throws WireFault {
        Members trace = Members.exact(root, "");
        Instant timestamp = MessageTimes.read(trace.get("Timestamp"));
        Map<TraceField, Long> cells = new EnumMap<>(TraceField.class);
        cells.put(TraceField.NAME, Cell.text(text(trace, "Name")));
        cells.put(TraceField.OCCURRED_AT, time(timestamp));
        cells.put(TraceField.SESSION_ID, Cell.text(filledText(trace, "SessionID")));
        cells.put(TraceField.USER_ID, Cell.text(filledText(trace, "UserID")));
        cells.put(TraceField.METADATA, Cell.json(trace.get("Metadata")));
        NULL_TRACE.forEach((field, cell) -> {
            if (!columns.keeps(field)) {
                cells.put(field, cell);
            }
        });
        var spans = new TreeMap<String, Cells.Span>();
        List<Json> elements = trace.get("Spans") instanceof Json.Arr array ? array.values() : List.of();
        for (Json element : elements) {
            if (element instanceof Json.Obj object) {
                Members span = Members.exact(object, "");
                String id = text(span, "ID");
                if (id != null) {
                    spans.putIfAbsent(id, span(span));
                }
            }
        }
        return new Cells(cells, timestamp == null, spans, null);
    }

    private Cells.Span span(Members span) {
        Instant start = MessageTimes.read(span.get("StartTime"));
        Instant end = MessageTimes.read(span.get("EndTime"));
        boolean open = MessageTimes.isNone(span.get("EndTime"));
        Map<SpanField, Long> cells = new EnumMap<>(SpanField.class);
        cells.put(SpanField.PARENT_SPAN_ID, Cell.text(text(span, "ParentSpanID")));
        cells.put(SpanField.NAME, Cell.text(text(span, "Name")));
        cells.put(SpanField.START_TIME, time(start));
        cells.put(SpanField.END_TIME, time(open ? null : end));
        cells.put(SpanField.INPUT, Cell.json(span.get("Input")));
        cells.put(SpanField.OUTPUT, Cell.json(span.get("Output")));
        cells.put(SpanField.METADATA, Cell.json(span.get("Metadata")));
        cells.put(SpanField.MODEL, Cell.text(text(span, "Model")));
        cells.put(SpanField.MODEL_PARAMETERS, Cell.json(span.get("ModelParameters")));
        Members usage =
                span.get("Usage") instanceof Json.Obj object ? Members.exact(object, "") : new Members("", Map.of());
        cells.put(SpanField.PROMPT_TOKENS, count(usage, "PromptTokens"));
        cells.put(SpanField.COMPLETION_TOKENS, count(usage, "CompletionTokens"));
        cells.put(SpanField.TOTAL_TOKENS, count(usage, "TotalTokens"));
        cells.put(SpanField.LEVEL, Cell.text(level(span.get("Level"))));
        cells.put(SpanField.STATUS_MESSAGE, Cell.text(text(span, "StatusMessage")));
        NULL_SPAN.forEach((field, cell) -> {
            if (!columns.keeps(field)) {
                cells.put(field, cell);
            }
        });
        return new Cells.Span(cells, new Filled(start == null, !open && end == null));
    }

    private long time(@Nullable Instant time) {
        return Cell.time(time == null ? null : cut(time));
    }

    /** The time as far as the worker keeps it. */
    Instant cut(Instant time) {
        long unit = BigInteger.TEN.pow(6 - digits).longValueExact();
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, time);
        return Instant.EPOCH.plus(Math.floorDiv(micros, unit) * unit, ChronoUnit.MICROS);
    }

    private static @Nullable String text(Members members, String name) {
        return members.get(name) instanceof Json.Str text ? text.value() : null;
    }

    private static @Nullable String filledText(Members members, String name) {
        String text = text(members, name);
        return text == null || text.isEmpty() ? null : text;
    }

    private static long count(Members usage, String name) {
        return usage.get(name) instanceof Json.Num number
                ? Cell.text(new BigDecimal(number.text()).toBigInteger().toString())
                : Cell.text(null);
    }

    private static String level(Json sent) {
        if (sent instanceof Json.Num number) {
            for (SpanMessage.Level level : SpanMessage.Level.values()) {
                if (level != SpanMessage.Level.UNSPECIFIED
                        && new BigDecimal(number.text()).compareTo(BigDecimal.valueOf(level.number())) == 0) {
                    return level.name();
                }
            }
        }
        return SpanMessage.Level.DEFAULT.name();
    }
}
