package dev.shunt.store;

import dev.shunt.core.Divergence;
import dev.shunt.core.Divergence.Kind;
import dev.shunt.core.Epoch;
import dev.shunt.core.Route;
import dev.shunt.core.Workload;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes divergences: each distinct one is a row, the same one seen again only moves its counters. */
final class DivergenceWriter {

    private static final String UPSERT = """
            insert into divergence (workload, kind, path, path_pattern, expected, actual, item_key, route, epoch,
                found_by, expected_route, expected_epoch, hidden_by)
            select d.workload, d.kind, d.path, d.path_pattern, d.expected, d.actual, d.item_key, d.route, d.epoch,
                d.found_by, d.expected_route, d.expected_epoch, (%s)
            from (select ?::text as workload, * from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                    ?::text[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::bigint[])
                as a(kind, path, path_pattern, expected, actual, item_key, route, epoch,
                    found_by, expected_route, expected_epoch)) d
            on conflict (workload, kind, item_key, path, found_by) do update set
                last_seen = clock_timestamp(), seen = divergence.seen + 1, expected = excluded.expected,
                actual = excluded.actual, hidden_by = excluded.hidden_by
            returning xmax = 0 and hidden_by is null, kind
            """.formatted(Hiding.RULE);

    private DivergenceWriter() {}

    /** @return the kinds of those that were not known before and are not hidden by a rule, one for each */
    static List<Kind> write(Connection connection, Workload workload, List<Divergence> divergences)
            throws SQLException {
        List<Divergence> distinct = distinct(divergences);
        try (PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
            upsert.setString(1, workload.name());
            var arrays = new SqlArrays(connection, upsert, 2);
            arrays.add("text", distinct, d -> d.kind().name());
            arrays.add("text", distinct, Divergence::path);
            arrays.add("text", distinct, Divergence::pathPattern);
            arrays.add("text", distinct, Divergence::expected);
            arrays.add("text", distinct, Divergence::actual);
            arrays.add("text", distinct, DivergenceWriter::item);
            arrays.add("text", distinct, d -> name(d.route()));
            arrays.add("bigint", distinct, d -> value(d.epoch()));
            arrays.add("text", distinct, d -> d.foundBy().name());
            arrays.add("text", distinct, d -> name(d.expectedRoute()));
            arrays.add("bigint", distinct, d -> value(d.expectedEpoch()));
            List<Kind> fresh = new ArrayList<>();
            try (ResultSet rows = upsert.executeQuery()) {
                while (rows.next()) {
                    if (rows.getBoolean(1)) {
                        fresh.add(Kind.valueOf(rows.getString(2)));
                    }
                }
            }
            return fresh;
        }
    }

    /** One row may be touched once in a statement; rows are locked in key order. */
    private static List<Divergence> distinct(List<Divergence> divergences) {
        Map<String, Divergence> byKey = new LinkedHashMap<>();
        divergences.forEach(
                d -> byKey.putIfAbsent(d.kind() + "\n" + item(d) + "\n" + d.path() + "\n" + d.foundBy(), d));
        return byKey.entrySet().stream()
                .sorted(Comparator.comparing(Map.Entry::getKey))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static @Nullable String name(@Nullable Route route) {
        return route == null ? null : route.name();
    }

    private static @Nullable Long value(@Nullable Epoch epoch) {
        return epoch == null ? null : epoch.value();
    }

    private static String item(Divergence divergence) {
        return divergence.key() == null ? "" : divergence.key().value();
    }
}
