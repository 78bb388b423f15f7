package dev.shunt.workloads.trace;

import dev.shunt.core.Canonical;
import dev.shunt.workloads.trace.ExternalRows.CostedSpan;
import dev.shunt.workloads.trace.ExternalRows.Stored;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a worker outside made of a trace, as the tree that {@link TraceProjection} makes of one, and what of such a tree can be
 * held against it. Left out: columns that nobody named, the state of prices and sums, costs in sums (they are those of the
 * spans; sums of rounded ones would differ), times that the message did not give. Times are cut and costs rounded as the
 * worker's columns do it. An empty session or user is none.
 */
final class ExternalTree {

    private static final Set<String> SUMMED = Set.of("spans", "prompt_tokens", "completion_tokens", "total_tokens");
    private static final Set<String> TIMES = Set.of("occurred_at", "start_time", "end_time");
    private static final Set<String> COSTS = Set.of("input_cost", "output_cost", "total_cost");

    private final ExternalColumns columns;
    private final OutsideCells cells;

    ExternalTree(ExternalTraceSettings names) {
        this.columns = new ExternalColumns(names);
        this.cells = new OutsideCells(names);
    }

    /** @param stored null if nothing is there */
    Canonical of(@Nullable Stored stored, Cells sent) {
        Map<String, Canonical> parts = new LinkedHashMap<>();
        Map<String, Map<String, BigDecimal>> sums = new TreeMap<>();
        if (stored != null) {
            TraceMessage trace = stored.trace();
            parts.put("trace", CanonicalTrace.trace(trace));
            if (trace.sessionId() != null) {
                parts.put("session", Canonical.members(Map.of("user_id", Canonical.text(stored.sessionUser()))));
            }
            if (trace.userId() != null) {
                parts.put("user", Canonical.text(trace.userId()));
            }
            Map<String, Canonical> spans = new TreeMap<>();
            stored.spans().forEach(span -> spans.put(span.span().id(), span(span)));
            if (!spans.isEmpty()) {
                parts.put("spans", Canonical.elements(spans));
            }
            stored.spans().forEach(span -> add(sums, span));
        }
        Map<String, Canonical> elements = new LinkedHashMap<>();
        sums.forEach((id, amounts) -> elements.put(id, CanonicalTrace.amounts(amounts)));
        parts.put("summaries", Canonical.elements(elements));
        return reduced(Canonical.members(parts), sent);
    }

    private static Canonical span(CostedSpan span) {
        return CanonicalTrace.span(new StoredSpan(
                span.span(), "", null, span.inputCost(), span.outputCost(), span.totalCost(), false, Instant.EPOCH));
    }

    private static void add(Map<String, Map<String, BigDecimal>> sums, CostedSpan span) {
        String day =
                span.span().startTime().atOffset(ZoneOffset.UTC).toLocalDate().toString();
        ExternalSummaries.share(span).forEach((model, share) -> {
            Map<String, BigDecimal> sum = sums.computeIfAbsent(day + "/" + model, none -> new LinkedHashMap<>());
            share.forEach((column, value) -> sum.merge(column, value, BigDecimal::add));
        });
    }

    /** @param sent what the message gave */
    Canonical reduced(Canonical tree, Cells sent) {
        return changed(tree, (part, value) -> switch (part) {
            case "trace" -> changed(value, (name, field) -> traceField(name, field, sent));
            case "session" -> columns.sessionUsers() ? changed(value, (name, user) -> filled(user)) : null;
            case "user" -> columns.users() ? value : null;
            case "spans" ->
                changed(
                        value,
                        (id, span) -> changed(
                                span,
                                (name, field) ->
                                        spanField(name, field, sent.spans().get(id))));
            case "summaries" ->
                columns.summaries()
                        ? changed(
                                value,
                                (id, sums) -> changed(
                                        sums,
                                        (name, amount) -> SUMMED.contains(name) && keepsTokens(name) ? amount : null))
                        : null;
            default -> value;
        });
    }

    private boolean keepsTokens(String sum) {
        return !sum.equals("total_tokens") || columns.keeps(SpanField.TOTAL_TOKENS);
    }

    private @Nullable Canonical traceField(String name, Canonical value, Cells sent) {
        TraceField field = field(TraceField.values(), name);
        if (field == null || !columns.keeps(field) || (field == TraceField.OCCURRED_AT && sent.timeFilled())) {
            return null;
        }
        return switch (field) {
            case OCCURRED_AT -> cut(value);
            case SESSION_ID, USER_ID -> filled(value);
            case NAME, METADATA -> value;
        };
    }

    private @Nullable Canonical spanField(String name, Canonical value, Cells.@Nullable Span sent) {
        if (COSTS.contains(name)) {
            return columns.costs() ? rounded(value) : null;
        }
        SpanField field = field(SpanField.values(), name);
        Filled filled = sent == null ? Filled.NOTHING : sent.filled();
        boolean notSent =
                (field == SpanField.START_TIME && filled.start()) || (field == SpanField.END_TIME && filled.end());
        if (field == null || !columns.keeps(field) || notSent) {
            return null;
        }
        return TIMES.contains(name) ? cut(value) : value;
    }

    private static <F extends Enum<F>> @Nullable F field(F[] fields, String path) {
        for (F field : fields) {
            if (field.name().equalsIgnoreCase(path)) {
                return field;
            }
        }
        return null;
    }

    private Canonical cut(Canonical time) {
        return time instanceof Canonical.Text text ? Canonical.time(cells.cut(Instant.parse(text.value()))) : time;
    }

    private static Canonical rounded(Canonical cost) {
        return cost instanceof Canonical.Amount amount
                ? Canonical.amount(amount.value().setScale(ExternalPrices.SCALE, RoundingMode.HALF_UP))
                : cost;
    }

    private static Canonical filled(Canonical id) {
        return id instanceof Canonical.Text text && text.value().isEmpty() ? Canonical.NOTHING : id;
    }

    /** Named values changed one by one; what becomes null is left out. */
    private static Canonical changed(Canonical tree, BiFunction<String, Canonical, @Nullable Canonical> change) {
        return switch (tree) {
            case Canonical.Members members -> new Canonical.Members(changed(members.byName(), change));
            case Canonical.Elements elements -> new Canonical.Elements(changed(elements.byId(), change));
            default -> tree;
        };
    }

    private static SortedMap<String, Canonical> changed(
            SortedMap<String, Canonical> values, BiFunction<String, Canonical, @Nullable Canonical> change) {
        SortedMap<String, Canonical> kept = new TreeMap<>();
        values.forEach((name, value) -> {
            Canonical left = change.apply(name, value);
            if (left != null) {
                kept.put(name, left);
            }
        });
        return kept;
    }
}
