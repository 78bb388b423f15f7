package dev.shunt.workloads.trace;

import dev.shunt.core.ItemKey;
import dev.shunt.store.SqlArrays;
import dev.shunt.store.Work;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Users and sessions of newly stored items, each row touched once for a group, in key order. A session keeps the first
 * user it saw; a user's name and mail follow the last item that gives one, the metadata stay as first given.
 */
final class VisitorStatement {

    private static final String SESSIONS = """
            insert into session as s (project_id, id, user_id, created_at, updated_at)
            select * from unnest(?::text[], ?::text[], ?::text[], ?::timestamptz[], ?::timestamptz[])
            on conflict (project_id, id) do update set
                user_id = coalesce(s.user_id, excluded.user_id),
                created_at = least(s.created_at, excluded.created_at),
                updated_at = greatest(s.updated_at, excluded.updated_at)
            """;

    private static final String USERS = """
            insert into tracked_user as u (project_id, id, name, email, metadata, first_seen_at, last_seen_at)
            select * from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::jsonb[], ?::timestamptz[], ?::timestamptz[])
            on conflict (project_id, id) do update set
                name = case when btrim(excluded.name) <> '' then btrim(excluded.name) else u.name end,
                email = case when btrim(excluded.email) <> '' then btrim(excluded.email) else u.email end,
                first_seen_at = least(u.first_seen_at, excluded.first_seen_at),
                last_seen_at = greatest(u.last_seen_at, excluded.last_seen_at)
            """;

    private VisitorStatement() {}

    /** One session or user of the group; {@code name}, {@code email} and {@code metadata} belong to users. */
    private record Visitor(
            String project,
            String id,
            @Nullable String sessionUser,
            @Nullable String name,
            @Nullable String email,
            @Nullable String metadata,
            Instant first,
            Instant last) {

        /** This one followed by a later one of the same group. */
        Visitor then(Visitor later) {
            return new Visitor(
                    project,
                    id,
                    sessionUser == null ? later.sessionUser : sessionUser,
                    latest(name, later.name),
                    latest(email, later.email),
                    metadata,
                    first.isBefore(later.first) ? first : later.first,
                    last.isAfter(later.last) ? last : later.last);
        }

        private static @Nullable String latest(@Nullable String before, @Nullable String after) {
            return after == null || after.isBlank() ? before : after.strip();
        }
    }

    /** @return how many rows were written for an item; a row that several bring is counted for the first of them */
    static Map<ItemKey, Integer> apply(Connection connection, List<Work<TraceMessage>> stored) throws SQLException {
        Map<ItemKey, Integer> rows = new HashMap<>();
        var sessions = new TreeMap<String, Visitor>();
        var users = new TreeMap<String, Visitor>();
        for (Work<TraceMessage> work : stored) {
            TraceMessage trace = work.content();
            int before = users.size() + sessions.size();
            Instant seen = work.delivery().stamp().acceptedAt();
            String userId = blankToNull(trace.userId());
            if (userId != null) {
                TraceMessage.User user = trace.user();
                merge(
                        users,
                        user == null
                                ? new Visitor(trace.projectId(), userId, null, null, null, null, seen, seen)
                                : new Visitor(
                                        trace.projectId(),
                                        userId,
                                        null,
                                        user.name(),
                                        user.email(),
                                        user.metadata(),
                                        seen,
                                        seen));
            }
            String sessionId = blankToNull(trace.sessionId());
            if (sessionId != null) {
                merge(sessions, new Visitor(trace.projectId(), sessionId, userId, null, null, null, seen, seen));
            }
            rows.put(work.delivery().key(), users.size() + sessions.size() - before);
        }
        writeUsers(connection, users.values());
        writeSessions(connection, sessions.values());
        return rows;
    }

    private static void merge(Map<String, Visitor> visitors, Visitor visitor) {
        visitors.merge(visitor.project() + '\0' + visitor.id(), visitor, Visitor::then);
    }

    private static @Nullable String blankToNull(@Nullable String id) {
        return id == null || id.isEmpty() ? null : id;
    }

    private static void writeUsers(Connection connection, Collection<Visitor> users) throws SQLException {
        if (users.isEmpty()) {
            return;
        }
        List<Visitor> rows = List.copyOf(users);
        try (PreparedStatement upsert = connection.prepareStatement(USERS)) {
            var arrays = new SqlArrays(connection, upsert);
            arrays.add("text", rows, Visitor::project);
            arrays.add("text", rows, Visitor::id);
            arrays.add("text", rows, Visitor::name);
            arrays.add("text", rows, Visitor::email);
            arrays.add("jsonb", rows, Visitor::metadata);
            arrays.add("timestamptz", rows, v -> SqlArrays.timestamp(v.first()));
            arrays.add("timestamptz", rows, v -> SqlArrays.timestamp(v.last()));
            upsert.executeUpdate();
        }
    }

    private static void writeSessions(Connection connection, Collection<Visitor> sessions) throws SQLException {
        if (sessions.isEmpty()) {
            return;
        }
        List<Visitor> rows = List.copyOf(sessions);
        try (PreparedStatement upsert = connection.prepareStatement(SESSIONS)) {
            var arrays = new SqlArrays(connection, upsert);
            arrays.add("text", rows, Visitor::project);
            arrays.add("text", rows, Visitor::id);
            arrays.add("text", rows, Visitor::sessionUser);
            arrays.add("timestamptz", rows, v -> SqlArrays.timestamp(v.first()));
            arrays.add("timestamptz", rows, v -> SqlArrays.timestamp(v.last()));
            upsert.executeUpdate();
        }
    }
}
