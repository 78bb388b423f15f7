package dev.shunt.workloads.trace;

import dev.shunt.core.Divergence;
import dev.shunt.core.Divergence.Kind;
import dev.shunt.core.Epoch;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Route;
import dev.shunt.store.SqlArrays;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sessions and users against the item that was the first to bring them. Where another one of the same project that brought
 * them too was under way at the same time, and told something else, it is not certain which was first, and nothing is said.
 */
final class VisitorCheck {

    // More others than this are not asked: then it is not certain who was first.
    private static final int MOST_OTHERS = 50;

    // The first item's acceptance is the time since which the row is there. Clocks of instances and of the database may
    // be a second apart. Who came before what the ledger knows may have been brought by another item, too, which is
    // forgotten. Of items that added to a trace of another item only the evidence tells whether they brought
    // the visitor. The limit also keeps the search from being planned as a join of everything.
    private static final String FIRST = """
            with visitor as (
                select v.project_id, v.id, v.value, v.since
                from unnest(?::text[], ?::text[]) as i (project_id, id)
                join (select project_id, id, %2$s as value, %3$s as since from %1$s) v
                    on v.project_id = i.project_id and v.id = i.id
                where v.since >= ?::timestamptz
            )
            select v.project_id, v.id, v.value, t.user_id, l.item_key, l.evidence, l.executed_route, l.epoch, others.evidence as others
            from visitor v
            join ledger l on l.workload = ? and l.accepted_at = v.since and l.project_id = v.project_id
                and l.accepted_on = (v.since at time zone 'UTC')::date
            join trace t on t.project_id = l.project_id and t.id = l.subject and t.item_key = l.item_key
                and t.%4$s = v.id
            left join lateral (
                select array_agg(o.evidence) as evidence
                from (
                    select o.evidence
                    from ledger o join trace u on u.project_id = o.project_id and u.id = o.subject
                    where o.workload = l.workload and o.project_id = l.project_id and o.item_key <> l.item_key
                        and o.accepted_at >= l.accepted_at and o.accepted_at <= l.committed_at + interval '1 second'
                        and (u.%4$s = v.id or u.item_key <> o.item_key)
                    limit %5$d
                ) o
            ) others on true
            """;
    private static final String SESSIONS =
            FIRST.formatted("session", "user_id", "created_at", "session_id", MOST_OTHERS);
    private static final String USERS =
            FIRST.formatted("tracked_user", "metadata::text", "first_seen_at", "user_id", MOST_OTHERS);

    private VisitorCheck() {}

    /** A session or a user. */
    private record Visitor(String project, String id) {}

    /** A stored row, and the item that was the first to bring it. */
    private record First(
            String project,
            String id,
            @Nullable String value,
            @Nullable String user,
            ItemKey item,
            String evidence,
            Route route,
            Epoch epoch) {

        /** Whether it is certain that the stored value is not what the item brought: its trace's row may be wrong instead. */
        boolean differsFromSent() {
            return Evidence.parse(evidence)
                    .flatMap(VisitorCheck::user)
                    .filter(sent -> sent != (int) Cell.text(value))
                    .isPresent();
        }

        String path(String name) {
            return name + "[" + project + "/" + id + "]";
        }

        Divergence differs(String path, @Nullable String expected) {
            return Divergence.ofInput(Kind.VALUE, path, expected, value, item, route, epoch);
        }
    }

    /**
     * @param items whose traces' sessions and users are looked at
     * @param known since when the ledger knows every item
     */
    static List<Divergence> run(Connection connection, List<StoredItem> items, Instant known) throws SQLException {
        List<Divergence> found = new ArrayList<>();
        for (First session :
                read(connection, SESSIONS, Side.SESSION, visitors(items, TraceMessage::sessionId), known)) {
            String user = session.user();
            if (user != null && !user.isEmpty() && !user.equals(session.value()) && session.differsFromSent()) {
                found.add(session.differs(session.path("sessions") + ".user_id", user));
            }
        }
        for (First user : read(connection, USERS, Side.USER, visitors(items, TraceMessage::userId), known)) {
            Optional<Evidence> evidence = Evidence.parse(user.evidence());
            if (evidence.isPresent() && !Objects.equals(evidence.get().userMetadata(), digest(user.value()))) {
                found.add(user.differs(user.path("users") + ".metadata", null));
            }
        }
        return found;
    }

    private static @Nullable Integer digest(@Nullable String metadata) {
        if (metadata == null) {
            return null;
        }
        try {
            Json value = JsonReader.read(metadata, JsonReader.Limits.OF_STORE);
            return value instanceof Json.Null ? null : (Integer) (int) Cell.json(value);
        } catch (WireFault notJson) {
            return (int) Cell.text(metadata);
        }
    }

    private static List<Visitor> visitors(List<StoredItem> items, Function<TraceMessage, @Nullable String> visitorOf) {
        Set<Visitor> visitors = new LinkedHashSet<>();
        for (StoredItem item : items) {
            TraceMessage trace = item.trace();
            String id = trace == null ? null : visitorOf.apply(trace);
            if (id != null) {
                visitors.add(new Visitor(item.key().project(), id));
            }
        }
        return List.copyOf(visitors);
    }

    /** Whether one of these items could have brought the visitor too, and told something else about it. */
    private static boolean contested(First first, Side side, @Nullable Array others) throws SQLException {
        if (others == null) {
            return false;
        }
        List<String> evidence = Arrays.asList((String[]) others.getArray());
        Optional<Evidence> mine = Evidence.parse(first.evidence());
        int visitor = (int) Cell.text(first.id());
        return mine.isEmpty()
                || evidence.size() >= MOST_OTHERS
                || evidence.stream()
                        .map(Evidence::parse)
                        .anyMatch(other -> other.isEmpty()
                                || (Objects.equals(other.get().trace().get(side.field), visitor)
                                        && side.contradict(mine.get(), other.get())));
    }

    /** What an item brings, and what it tells about it. */
    private enum Side {
        SESSION(TraceField.SESSION_ID) {
            // Who tells of no user leaves the place to the next one.
            @Override
            boolean contradict(Evidence mine, Evidence theirs) {
                return user(theirs)
                        .filter(user -> !user(mine).equals(Optional.of(user)))
                        .isPresent();
            }
        },
        USER(TraceField.USER_ID) {
            // Who tells nothing about a user and is stored first leaves it without metadata for good.
            @Override
            boolean contradict(Evidence mine, Evidence theirs) {
                return !Objects.equals(mine.userMetadata(), theirs.userMetadata());
            }
        };

        private final TraceField field;

        Side(TraceField field) {
            this.field = field;
        }

        /** Whether the row depends on which of both was stored first. */
        abstract boolean contradict(Evidence mine, Evidence theirs);
    }

    /** The digest of an item's user. */
    private static Optional<Integer> user(Evidence evidence) {
        return Optional.ofNullable(evidence.trace().get(TraceField.USER_ID))
                .filter(user -> user != (int) Cell.text(null));
    }

    private static List<First> read(Connection connection, String sql, Side side, List<Visitor> visitors, Instant known)
            throws SQLException {
        if (visitors.isEmpty()) {
            return List.of();
        }
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            var arrays = new SqlArrays(connection, select);
            arrays.add("text", visitors, Visitor::project);
            arrays.add("text", visitors, Visitor::id);
            select.setString(3, known.toString());
            select.setString(4, TraceWorkload.TRACE.name());
            List<First> found = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    var first = new First(
                            rows.getString("project_id"),
                            rows.getString("id"),
                            rows.getString("value"),
                            rows.getString("user_id"),
                            new ItemKey(rows.getString("item_key")),
                            rows.getString("evidence"),
                            Route.valueOf(rows.getString("executed_route")),
                            new Epoch(rows.getLong("epoch")));
                    if (!contested(first, side, rows.getArray("others"))) {
                        found.add(first);
                    }
                }
            }
            return found;
        }
    }
}
