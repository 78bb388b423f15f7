package dev.shunt.workloads.trace;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where a worker outside Shunt stores traces: tables and columns by name, as they are in the catalogue (no quotes). The
 * defaults are CognObserve's. Checked at the start; read, never written. A column that the worker does not have is set empty:
 * it is not compared, and listed as such. Ids, names and start times cannot be empty.
 *
 * @param url JDBC URL; empty: Shunt's own database
 * @param user empty with an empty {@code url}, or if the URL names it
 * @param password as {@code user}
 * @param schema where the tables are
 * @param digits of a second that the worker keeps, 0..6; CognObserve keeps 3
 * @param levels the worker's names of levels that are not Shunt's own, for example {@code WARN: WARNING}
 * @param summaryInterval how often one day's summaries may be added up from the spans, whose table may lack the index; 100 ms..1 h
 * @param trace one row for each trace
 * @param span one row for each span
 * @param sessions what a trace's session column refers to
 * @param users what a trace's user column refers to
 * @param prices the price list that the worker uses
 * @param summaries sums per day and model
 */
@ConfigurationProperties("shunt.external.trace")
record ExternalTraceSettings(
        @DefaultValue("") String url,
        @DefaultValue("") String user,
        @DefaultValue("") String password,
        @DefaultValue("public") String schema,
        @DefaultValue("3") int digits,
        @DefaultValue Map<String, String> levels,
        @DefaultValue("1m") Duration summaryInterval,
        @DefaultValue Trace trace,
        @DefaultValue Span span,
        @DefaultValue Sessions sessions,
        @DefaultValue Users users,
        @DefaultValue Prices prices,
        @DefaultValue Summaries summaries) {

    ExternalTraceSettings {
        if (digits < 0 || digits > 6) {
            throw new IllegalArgumentException("shunt.external.trace.digits must be 0..6, was " + digits);
        }
        if (summaryInterval.toMillis() < 100 || summaryInterval.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException(
                    "shunt.external.trace.summary-interval must be 100ms..1h, was " + summaryInterval);
        }
        levels.forEach(ExternalTraceSettings::checkLevel);
    }

    private static void checkLevel(String theirs, String ours) {
        if (Arrays.stream(SpanMessage.Level.values())
                .noneMatch(level -> level.name().equals(ours))) {
            throw new IllegalArgumentException("shunt.external.trace.levels." + theirs + " must be one of "
                    + List.of(SpanMessage.Level.values()) + ", was " + ours);
        }
    }

    /**
     * @param session the session's own row, see {@link Sessions}, or its id as the client sent it; empty: not kept
     * @param user likewise
     * @param storedAt when the row was written; empty: not kept (the time at which Shunt sees it counts)
     */
    record Trace(
            @DefaultValue("Trace") String table,
            @DefaultValue("id") String id,
            @DefaultValue("projectId") String project,
            @DefaultValue("name") String name,
            @DefaultValue("timestamp") String timestamp,
            @DefaultValue("sessionId") String session,
            @DefaultValue("userId") String user,
            @DefaultValue("metadata") String metadata,
            @DefaultValue("") String storedAt) {}

    /**
     * @param price the row of {@link Prices} that it was priced with; empty: not kept
     */
    record Span(
            @DefaultValue("Span") String table,
            @DefaultValue("id") String id,
            @DefaultValue("traceId") String trace,
            @DefaultValue("parentSpanId") String parent,
            @DefaultValue("name") String name,
            @DefaultValue("startTime") String startTime,
            @DefaultValue("endTime") String endTime,
            @DefaultValue("input") String input,
            @DefaultValue("output") String output,
            @DefaultValue("metadata") String metadata,
            @DefaultValue("model") String model,
            @DefaultValue("modelParameters") String modelParameters,
            @DefaultValue("promptTokens") String promptTokens,
            @DefaultValue("completionTokens") String completionTokens,
            @DefaultValue("totalTokens") String totalTokens,
            @DefaultValue("level") String level,
            @DefaultValue("statusMessage") String statusMessage,
            @DefaultValue("inputCost") String inputCost,
            @DefaultValue("outputCost") String outputCost,
            @DefaultValue("totalCost") String totalCost,
            @DefaultValue("pricingId") String price) {}

    /**
     * @param table empty: the trace's column holds the id that the client sent
     * @param user the session's user: a row of {@link Users}, or the id that the client sent; empty: not kept
     */
    record Sessions(
            @DefaultValue("trace_sessions") String table,
            @DefaultValue("id") String id,
            @DefaultValue("externalId") String externalId,
            @DefaultValue("userId") String user) {}

    /** @param table empty: the trace's column holds the id that the client sent */
    record Users(
            @DefaultValue("tracked_users") String table,
            @DefaultValue("id") String id,
            @DefaultValue("externalId") String externalId) {}

    /** @param table empty: costs are not verified */
    record Prices(
            @DefaultValue("model_pricing") String table,
            @DefaultValue("id") String id,
            @DefaultValue("provider") String provider,
            @DefaultValue("model") String model,
            @DefaultValue("inputPricePerMillion") String input,
            @DefaultValue("outputPricePerMillion") String output,
            @DefaultValue("effectiveFrom") String from,
            @DefaultValue("effectiveTo") String to) {}

    /** @param table empty: summaries are not verified */
    record Summaries(
            @DefaultValue("cost_daily_summary") String table,
            @DefaultValue("projectId") String project,
            @DefaultValue("date") String date,
            @DefaultValue("model") String model,
            @DefaultValue("spanCount") String spans,
            @DefaultValue("inputTokens") String promptTokens,
            @DefaultValue("outputTokens") String completionTokens,
            @DefaultValue("totalTokens") String totalTokens,
            @DefaultValue("inputCost") String inputCost,
            @DefaultValue("outputCost") String outputCost,
            @DefaultValue("totalCost") String totalCost) {}
}
