package dev.shunt.workloads.trace;

import dev.shunt.workloads.trace.TraceRequest.Usage;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** What must be stored for a request, taken from the request itself and not from the message written for it. */
final class RequestCells {

    private RequestCells() {}

    static Cells of(TraceRequest request) {
        Map<TraceField, Long> trace = new EnumMap<>(TraceField.class);
        trace.put(TraceField.NAME, Cell.text(request.name()));
        trace.put(TraceField.SESSION_ID, Cell.text(request.sessionId()));
        trace.put(TraceField.USER_ID, Cell.text(request.userId()));
        trace.put(TraceField.METADATA, Cell.json(request.metadata()));
        var spans = new TreeMap<String, Cells.Span>();
        request.spans().forEach(span -> spans.put(span.id(), span(span)));
        TraceRequest.User user = request.user();
        Json.Obj told = user == null ? null : user.metadata();
        return new Cells(trace, true, spans, told == null ? null : Cell.json(told));
    }

    private static Cells.Span span(TraceRequest.Span span) {
        Usage usage = span.usage();
        Map<SpanField, Long> cells = new EnumMap<>(SpanField.class);
        cells.put(SpanField.PARENT_SPAN_ID, Cell.text(span.parentSpanId()));
        cells.put(SpanField.NAME, Cell.text(span.name()));
        cells.put(SpanField.START_TIME, Cell.time(span.start().instant()));
        cells.put(SpanField.END_TIME, Cell.time(span.end().instant()));
        cells.put(SpanField.INPUT, Cell.json(span.input()));
        cells.put(SpanField.OUTPUT, Cell.json(span.output()));
        cells.put(SpanField.METADATA, Cell.json(span.metadata()));
        cells.put(SpanField.MODEL, Cell.text(span.model()));
        cells.put(SpanField.MODEL_PARAMETERS, Cell.json(span.modelParameters()));
        cells.put(SpanField.PROMPT_TOKENS, Cell.number(usage == null ? null : usage.prompt()));
        cells.put(SpanField.COMPLETION_TOKENS, Cell.number(usage == null ? null : usage.completion()));
        cells.put(SpanField.TOTAL_TOKENS, Cell.number(usage == null ? null : usage.total()));
        cells.put(SpanField.LEVEL, Cell.text(span.level().name()));
        cells.put(SpanField.STATUS_MESSAGE, Cell.text(span.statusMessage()));
        return new Cells.Span(cells, span.filled());
    }
}
