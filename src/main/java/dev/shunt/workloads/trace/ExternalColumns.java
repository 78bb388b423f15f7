package dev.shunt.workloads.trace;

import dev.shunt.workloads.trace.ExternalTraceSettings.Span;
import dev.shunt.workloads.trace.ExternalTraceSettings.Trace;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which fields a worker outside keeps: those that a column is named for. */
final class ExternalColumns {

    private final ExternalTraceSettings names;
    private final Set<TraceField> trace = EnumSet.allOf(TraceField.class);
    private final Set<SpanField> span = EnumSet.allOf(SpanField.class);
    private final List<String> absent = new ArrayList<>();

    ExternalColumns(ExternalTraceSettings names) {
        this.names = names;
        columns(names.trace()).forEach((field, column) -> {
            if (column.isEmpty()) {
                trace.remove(field);
                absent.add(field.path());
            }
        });
        columns(names.span()).forEach((field, column) -> {
            if (column.isEmpty()) {
                span.remove(field);
                absent.add("spans[]." + field.path());
            }
        });
        if (!sessionUsers()) {
            absent.add("sessions[].user_id");
        }
        if (!costs()) {
            absent.add("spans[] costs");
        }
        if (!summaries()) {
            absent.add("summaries[]");
        }
    }

    private static Map<TraceField, String> columns(Trace t) {
        Map<TraceField, String> columns = new LinkedHashMap<>();
        columns.put(TraceField.SESSION_ID, t.session());
        columns.put(TraceField.USER_ID, t.user());
        columns.put(TraceField.METADATA, t.metadata());
        return columns;
    }

    private static Map<SpanField, String> columns(Span s) {
        Map<SpanField, String> columns = new LinkedHashMap<>();
        columns.put(SpanField.PARENT_SPAN_ID, s.parent());
        columns.put(SpanField.END_TIME, s.endTime());
        columns.put(SpanField.INPUT, s.input());
        columns.put(SpanField.OUTPUT, s.output());
        columns.put(SpanField.METADATA, s.metadata());
        columns.put(SpanField.MODEL, s.model());
        columns.put(SpanField.MODEL_PARAMETERS, s.modelParameters());
        columns.put(SpanField.PROMPT_TOKENS, s.promptTokens());
        columns.put(SpanField.COMPLETION_TOKENS, s.completionTokens());
        columns.put(SpanField.TOTAL_TOKENS, s.totalTokens());
        columns.put(SpanField.LEVEL, s.level());
        columns.put(SpanField.STATUS_MESSAGE, s.statusMessage());
        return columns;
    }

    boolean keeps(TraceField field) {
        return trace.contains(field);
    }

    boolean keeps(SpanField field) {
        return span.contains(field);
    }

    /** Whether a session's own row says who its user is. */
    boolean sessionUsers() {
        return keeps(TraceField.SESSION_ID)
                && !names.sessions().table().isEmpty()
                && !names.sessions().user().isEmpty();
    }

    /** Whether users have rows of their own. */
    boolean users() {
        return keeps(TraceField.USER_ID) && !names.users().table().isEmpty();
    }

    /** Whether a span's costs are kept and can be told from what they must be made of. */
    boolean costs() {
        Span s = names.span();
        boolean kept = !s.inputCost().isEmpty()
                && !s.outputCost().isEmpty()
                && !s.totalCost().isEmpty();
        return kept && billed() && !names.prices().table().isEmpty();
    }

    /** Whether sums are kept and can be made anew from the spans. */
    boolean summaries() {
        Span s = names.span();
        boolean kept = !s.inputCost().isEmpty()
                && !s.outputCost().isEmpty()
                && !s.totalCost().isEmpty();
        return kept && billed() && !names.summaries().table().isEmpty();
    }

    private boolean billed() {
        return keeps(SpanField.MODEL) && keeps(SpanField.PROMPT_TOKENS) && keeps(SpanField.COMPLETION_TOKENS);
    }

    /** Fields that are not compared, as their paths are called. */
    List<String> absent() {
        return List.copyOf(absent);
    }
}
