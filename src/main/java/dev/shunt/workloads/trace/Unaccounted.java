package dev.shunt.workloads.trace;

import dev.shunt.core.Divergence;
import dev.shunt.core.Divergence.Kind;
import dev.shunt.store.LedgerReach;
import dev.shunt.workloads.trace.StoredItem.Other;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds what is stored though no accepted item accounts for it: an item and its ledger row commit together. */
final class Unaccounted {

    private static final String TRACES = """
            select t.project_id, t.id, t.item_key, t.stored_at from trace t
            where t.stored_at >= ?::timestamptz and t.stored_at < ?::timestamptz
              and not exists (
                  select from ledger l
                  where l.workload = ? and l.item_key = t.item_key and l.project_id = t.project_id and l.subject = t.id)
            order by t.stored_at limit ?
            """;

    // Sessions and users say when the first of their items was accepted; that item's ledger row says the same.
    private static final String VISITORS = """
            select v.project_id, v.id, v.since from %1$s
            where v.since >= ?::timestamptz and v.since < ?::timestamptz
              and not exists (
                  select from ledger l
                  where l.workload = ? and l.accepted_at = v.since and l.project_id = v.project_id
                    and l.accepted_on = (v.since at time zone 'UTC')::date)
            order by v.since limit 1000
            """;
    private static final String SESSIONS =
            VISITORS.formatted("(select project_id, id, created_at as since from session) v");
    private static final String USERS =
            VISITORS.formatted("(select project_id, id, first_seen_at as since from tracked_user) v");

    private static final String KNOWN = "select distinct item_key from ledger where workload = ? and item_key = any(?)";

    private Unaccounted() {}

    /** @param most no more than this many, the oldest */
    static List<Divergence> traces(Connection connection, Instant from, Instant until, int most) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(TRACES)) {
            select.setString(1, from.toString());
            select.setString(2, until.toString());
            select.setString(3, TraceWorkload.TRACE.name());
            select.setInt(4, most);
            List<Divergence> found = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(Divergence.ofInput(
                            Kind.EXTRA,
                            "traces[" + rows.getString("project_id") + "/" + rows.getString("id") + "]",
                            null,
                            "stored at " + rows.getString("stored_at") + " by " + rows.getString("item_key"),
                            Findings.key(rows.getString("item_key")),
                            null,
                            null));
                }
            }
            return found;
        }
    }

    /** Sessions and users that no accepted item brought. */
    static List<Divergence> visitors(Connection connection, Instant from, Instant until) throws SQLException {
        List<Divergence> found = new ArrayList<>();
        visitors(connection, SESSIONS, "sessions", from, until, found);
        visitors(connection, USERS, "users", from, until, found);
        return found;
    }

    private static void visitors(
            Connection connection, String sql, String name, Instant from, Instant until, List<Divergence> found)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, from.toString());
            select.setString(2, until.toString());
            select.setString(3, TraceWorkload.TRACE.name());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(Divergence.ofInput(
                            Kind.EXTRA,
                            name + "[" + rows.getString("project_id") + "/" + rows.getString("id") + "]",
                            null,
                            "since " + rows.getString("since"),
                            null,
                            null,
                            null));
                }
            }
        }
    }

    /**
     * The keys of those of these items that nobody accepted: they have no ledger row, and what they stored is younger than
     * what the ledger forgets.
     */
    static Set<String> items(Connection connection, Collection<Other> items, LedgerReach reach) throws SQLException {
        Instant since = reach.since();
        List<Other> recent =
                items.stream().filter(item -> !item.storedAt().isBefore(since)).toList();
        Set<String> unknown = unknown(connection, recent);
        List<Other> suspects = recent.stream()
                .filter(item -> unknown.contains(item.item()))
                .sorted(Comparator.comparing(Other::storedAt))
                .toList();
        int low = 0; // of those before it the ledger may have known
        int high = suspects.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (LedgerReach.remembers(
                    connection, TraceWorkload.TRACE, suspects.get(middle).storedAt())) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return suspects.stream().skip(low).map(Other::item).collect(Collectors.toSet());
    }

    private static Set<String> unknown(Connection connection, List<Other> items) throws SQLException {
        Set<String> unknown = items.stream().map(Other::item).collect(Collectors.toCollection(HashSet::new));
        if (unknown.isEmpty()) {
            return unknown;
        }
        try (PreparedStatement select = connection.prepareStatement(KNOWN)) {
            Array asked = connection.createArrayOf("text", unknown.toArray());
            select.setString(1, TraceWorkload.TRACE.name());
            select.setArray(2, asked);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    unknown.remove(rows.getString(1));
                }
            }
        }
        return unknown;
    }
}
