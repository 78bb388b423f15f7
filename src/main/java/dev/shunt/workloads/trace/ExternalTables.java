package dev.shunt.workloads.trace;

import dev.shunt.workloads.trace.ExternalTraceSettings.Prices;
import dev.shunt.workloads.trace.ExternalTraceSettings.Sessions;
import dev.shunt.workloads.trace.ExternalTraceSettings.Span;
import dev.shunt.workloads.trace.ExternalTraceSettings.Summaries;
import dev.shunt.workloads.trace.ExternalTraceSettings.Trace;
import dev.shunt.workloads.trace.ExternalTraceSettings.Users;

/** The statements on an outside worker's tables, with its names in them. Times come as microseconds since 1970. */
record ExternalTables(ExternalTraceSettings names) {

    /** Parameters: projects and trace ids, as arrays. */
    String present() {
        Trace t = names.trace();
        return "select t.%s as project_id, t.%s as id, %s as stored_at from unnest(?::text[], ?::text[]) as i (project_id, id) join %s t on t.%s = i.id and t.%s = i.project_id"
                .formatted(
                        quoted(t.project()),
                        quoted(t.id()),
                        micros("t", t.storedAt()),
                        table(t.table()),
                        quoted(t.id()),
                        quoted(t.project()));
    }

    /** Parameters: projects and trace ids, as arrays. */
    String traces() {
        Trace t = names.trace();
        Sessions s = names.sessions();
        Users u = names.users();
        boolean sessions = !t.session().isEmpty() && !s.table().isEmpty();
        boolean users = !t.user().isEmpty() && !u.table().isEmpty();
        boolean sessionUsers = sessions && !s.user().isEmpty();
        return "select t.%s as project_id, t.%s as id, t.%s as name, %s as occurred_at, %s as session_id, %s as user_id, %s as metadata, %s as session_user, %s as session_user_known"
                        .formatted(
                                quoted(t.project()),
                                quoted(t.id()),
                                quoted(t.name()),
                                micros("t", t.timestamp()),
                                sessions ? "s." + quoted(s.externalId()) : text("t", t.session()),
                                users ? "u." + quoted(u.externalId()) : text("t", t.user()),
                                text("t", t.metadata()),
                                !sessionUsers
                                        ? "null::text"
                                        : users ? "v." + quoted(u.externalId()) : text("s", s.user()),
                                sessionUsers && !t.user().isEmpty() ? broughtByATrace(t, s) : "null::boolean")
                + " from unnest(?::text[], ?::text[]) as i (project_id, id) join %s t on t.%s = i.id and t.%s = i.project_id"
                        .formatted(table(t.table()), quoted(t.id()), quoted(t.project()))
                + (sessions ? reference("s", s.table(), s.id(), t.session()) : "")
                + (users ? reference("u", u.table(), u.id(), t.user()) : "")
                + (users && sessionUsers ? reference("v", u.table(), u.id(), "s", s.user()) : "");
    }

    /** Whether some trace of the session names the user that the session has; asked only where this trace does not. */
    private String broughtByATrace(Trace t, ExternalTraceSettings.Sessions s) {
        String user = quoted(t.user());
        return "case when s.%1$s is null or s.%1$s = t.%2$s then true else exists (select from %3$s o where o.%4$s = t.%4$s and o.%2$s = s.%1$s) end"
                .formatted(quoted(s.user()), user, table(t.table()), quoted(t.session()));
    }

    private String reference(String alias, String table, String id, String column) {
        return reference(alias, table, id, "t", column);
    }

    private String reference(String alias, String table, String id, String from, String column) {
        return " left join %s %s on %s.%s = %s.%s"
                .formatted(table(table), alias, alias, quoted(id), from, quoted(column));
    }

    /** Parameter: trace ids, as an array. */
    String spans() {
        return "select " + spanColumns()
                + " from %s s where s.%s = any(?::text[]) order by s.%s"
                        .formatted(
                                table(names.span().table()),
                                quoted(names.span().trace()),
                                quoted(names.span().id()));
    }

    /** Parameters: from and until, as text of timestamps. */
    String spansOfDay() {
        Span s = names.span();
        Trace t = names.trace();
        return "select t.%s as project_id, %s from %s s join %s t on t.%s = s.%s where s.%s >= ?::timestamp and s.%s < ?::timestamp"
                .formatted(
                        quoted(t.project()),
                        spanColumns(),
                        table(s.table()),
                        table(t.table()),
                        quoted(t.id()),
                        quoted(s.trace()),
                        quoted(s.startTime()),
                        quoted(s.startTime()));
    }

    private String spanColumns() {
        Span s = names.span();
        return "s.%s as id, s.%s as trace_id, %s as parent_span_id, %s as name, %s as start_time, %s as end_time, "
                        .formatted(
                                quoted(s.id()),
                                quoted(s.trace()),
                                text("s", s.parent()),
                                text("s", s.name()),
                                micros("s", s.startTime()),
                                micros("s", s.endTime()))
                + "%s as input, %s as output, %s as metadata, %s as model, %s as model_parameters, "
                        .formatted(
                                text("s", s.input()),
                                text("s", s.output()),
                                text("s", s.metadata()),
                                text("s", s.model()),
                                text("s", s.modelParameters()))
                + "%s as prompt_tokens, %s as completion_tokens, %s as total_tokens, %s as level, %s as status_message, "
                        .formatted(
                                plain("s", s.promptTokens(), "integer"),
                                plain("s", s.completionTokens(), "integer"),
                                plain("s", s.totalTokens(), "integer"),
                                text("s", s.level()),
                                text("s", s.statusMessage()))
                + "%s as input_cost, %s as output_cost, %s as total_cost, %s as price_id"
                        .formatted(
                                plain("s", s.inputCost(), "numeric"),
                                plain("s", s.outputCost(), "numeric"),
                                plain("s", s.totalCost(), "numeric"),
                                text("s", s.price()));
    }

    String prices() {
        Prices p = names.prices();
        return "select %s as id, %s as provider, %s as model, %s as input, %s as output, %s as valid_from, %s as valid_to from %s p"
                .formatted(
                        text("p", p.id()),
                        text("p", p.provider()),
                        text("p", p.model()),
                        plain("p", p.input(), "numeric"),
                        plain("p", p.output(), "numeric"),
                        micros("p", p.from()),
                        micros("p", p.to()),
                        table(p.table()));
    }

    /** Parameter: the day. */
    String summaries() {
        Summaries s = names.summaries();
        return "select %s as project_id, %s as model, %s as spans, %s as prompt_tokens, %s as completion_tokens, "
                        .formatted(
                                text("s", s.project()),
                                text("s", s.model()),
                                plain("s", s.spans(), "numeric"),
                                plain("s", s.promptTokens(), "numeric"),
                                plain("s", s.completionTokens(), "numeric"))
                + "%s as total_tokens, %s as input_cost, %s as output_cost, %s as total_cost from %s s where s.%s = ?::date"
                        .formatted(
                                plain("s", s.totalTokens(), "numeric"),
                                plain("s", s.inputCost(), "numeric"),
                                plain("s", s.outputCost(), "numeric"),
                                plain("s", s.totalCost(), "numeric"),
                                table(s.table()),
                                quoted(s.date()));
    }

    /** Traces written in a span of time, newest last. Parameters: from and until, as text of timestamps. */
    String writtenBetween() {
        Trace t = names.trace();
        String time = quoted(t.storedAt().isEmpty() ? t.timestamp() : t.storedAt());
        return "select t.%s as project_id, t.%s as id from %s t where t.%s >= ?::timestamp and t.%s < ?::timestamp order by t.%s limit 1000"
                .formatted(quoted(t.project()), quoted(t.id()), table(t.table()), time, time, time);
    }

    private String table(String name) {
        return quoted(names.schema()) + "." + quoted(name);
    }

    private static String micros(String alias, String column) {
        return column.isEmpty()
                ? "null::bigint"
                : "(extract(epoch from %s.%s) * 1000000)::bigint".formatted(alias, quoted(column));
    }

    private static String text(String alias, String column) {
        return plain(alias, column, "text");
    }

    private static String plain(String alias, String column, String type) {
        return column.isEmpty() ? "null::" + type : alias + "." + quoted(column) + "::" + type;
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
