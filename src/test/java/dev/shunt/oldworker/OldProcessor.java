package dev.shunt.oldworker;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the old worker did with one message: user and session outside a transaction, trace and spans in one, costs in another. */
final class OldProcessor {

    private final OldCosts costs;
    private final Set<Quirk> quirks;

    OldProcessor(ZoneId zone, Set<Quirk> quirks) {
        this.costs = new OldCosts(zone, quirks.contains(Quirk.FLOAT_COSTS));
        this.quirks = Set.copyOf(quirks);
    }

    void process(Connection connection, JsonNode data) throws SQLException {
        String project = text(data, "ProjectID");
        String user = quirks.contains(Quirk.USER_IGNORED) ? null : user(connection, project, data);
        String session = session(
                connection,
                project,
                text(data, "SessionID"),
                quirks.contains(Quirk.SESSION_WITHOUT_USER) ? null : user);
        connection.setAutoCommit(false);
        trace(connection, data, project, session, user);
        for (JsonNode span : data.get("Spans")) {
            span(connection, span);
        }
        connection.commit();
        costs.store(connection, String.valueOf(project), data);
        connection.commit();
    }

    private static @Nullable String user(Connection connection, @Nullable String project, JsonNode data)
            throws SQLException {
        String external = text(data, "UserID");
        if (external == null || external.isEmpty()) {
            return null;
        }
        JsonNode user = data.path("User");
        return one(
                connection,
                """
                insert into tracked_users ("id", "projectId", "externalId", "name", "email", "metadata", "updatedAt")
                values (?, ?, ?, ?, ?, ?::jsonb, now() at time zone 'UTC')
                on conflict ("projectId", "externalId") do update set
                    "name" = coalesce(nullif(trim(excluded."name"), ''), tracked_users."name"),
                    "email" = coalesce(nullif(trim(excluded."email"), ''), tracked_users."email"),
                    "lastSeenAt" = now() at time zone 'UTC', "updatedAt" = now() at time zone 'UTC'
                returning "id"
                """,
                UUID.randomUUID().toString(),
                project,
                external,
                text(user, "Name"),
                text(user, "Email"),
                userMetadata(user));
    }

    private static String userMetadata(JsonNode user) {
        if (!(user instanceof ObjectNode object)) {
            return "null";
        }
        ObjectNode rest = object.deepCopy();
        rest.remove("Name");
        rest.remove("Email");
        return rest.isEmpty() ? "null" : JavaScript.stringify(rest);
    }

    private static @Nullable String session(
            Connection connection, @Nullable String project, @Nullable String external, @Nullable String user)
            throws SQLException {
        if (external == null || external.isEmpty()) {
            return null;
        }
        return one(connection, """
                insert into trace_sessions ("id", "projectId", "externalId", "userId", "updatedAt")
                values (?, ?, ?, ?, now() at time zone 'UTC')
                on conflict ("projectId", "externalId") do update set
                    "userId" = coalesce(trace_sessions."userId", excluded."userId"),
                    "updatedAt" = now() at time zone 'UTC'
                returning "id"
                """, UUID.randomUUID().toString(), project, external, user);
    }

    private static void trace(
            Connection connection,
            JsonNode data,
            @Nullable String project,
            @Nullable String session,
            @Nullable String user)
            throws SQLException {
        run(
                connection,
                "insert into \"Trace\" (\"id\", \"projectId\", \"sessionId\", \"userId\", \"name\", \"timestamp\","
                        + " \"metadata\") values (?, ?, ?, ?, ?, ?::timestamp, ?::jsonb)",
                text(data, "ID"),
                project,
                session,
                user,
                text(data, "Name"),
                time(text(data, "Timestamp")),
                JavaScript.stringify(data.path("Metadata")));
    }

    private static void span(Connection connection, JsonNode span) throws SQLException {
        String end = text(span, "EndTime");
        JsonNode usage = span.path("Usage");
        run(
                connection,
                """
                insert into "Span" ("id", "traceId", "parentSpanId", "name", "startTime", "endTime", "input", "output",
                    "metadata", "model", "modelParameters", "promptTokens", "completionTokens", "totalTokens", "level",
                    "statusMessage")
                values (?, ?, ?, ?, ?::timestamp, ?::timestamp, ?::jsonb, ?::jsonb, ?::jsonb, ?, ?::jsonb, ?::integer,
                    ?::integer, ?::integer, ?::"SpanLevel", ?)
                """,
                text(span, "ID"),
                text(span, "TraceID"),
                text(span, "ParentSpanID"),
                text(span, "Name"),
                time(text(span, "StartTime")),
                end == null || end.isEmpty() ? null : time(end),
                JavaScript.stringify(span.path("Input")),
                JavaScript.stringify(span.path("Output")),
                JavaScript.stringify(span.path("Metadata")),
                text(span, "Model"),
                JavaScript.stringify(span.path("ModelParameters")),
                number(usage.path("PromptTokens")),
                number(usage.path("CompletionTokens")),
                number(usage.path("TotalTokens")),
                level(span.path("Level").asInt(0)),
                text(span, "StatusMessage"));
    }

    private static String level(int level) {
        return switch (level) {
            case 1 -> "DEBUG";
            case 3 -> "WARNING";
            case 4 -> "ERROR";
            default -> "DEFAULT";
        };
    }

    /** To the millisecond; what is empty, unreadable or before 2000 becomes now. */
    static String time(@Nullable String text) {
        return local(parse(text)).toString();
    }

    static Instant parse(@Nullable String text) {
        try {
            Instant time = text == null || text.isEmpty()
                    ? Instant.now()
                    : OffsetDateTime.parse(text).toInstant();
            Instant sensible = time.isBefore(Instant.parse("2000-01-01T00:00:00Z")) ? Instant.now() : time;
            return sensible.truncatedTo(ChronoUnit.MILLIS);
        } catch (DateTimeException unreadable) {
            return Instant.now().truncatedTo(ChronoUnit.MILLIS);
        }
    }

    private static LocalDateTime local(Instant time) {
        return time.atOffset(ZoneOffset.UTC).toLocalDateTime();
    }

    static @Nullable String text(JsonNode parent, String name) {
        JsonNode value = parent.path(name);
        return value.isString() ? value.asString() : null;
    }

    private static @Nullable String number(JsonNode value) {
        return value.isNumber() ? Long.toString(value.asLong()) : null;
    }

    static void run(Connection connection, String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            statement.execute();
        }
    }

    static @Nullable String one(Connection connection, String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    private static void bind(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i] instanceof Instant time ? Timestamp.from(time) : values[i]);
        }
    }
}
