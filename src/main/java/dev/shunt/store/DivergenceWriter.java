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

/**
 * Writes divergences: each distinct one is a row, the same one seen again only moves its counters.
 *
 * <p>A sum that was mended and is wrong again has the same row, and so has a row that nobody accepted and that was removed
 * and written anew. A later rollout must count what came back in it, and must not count what only stayed: both are seen
 * again and again. Hence {@code again_since}, of those that are no item's (an item is compared for itself, once). It is
 * set when a divergence says something else than before: a sum is further off or less, a row was stored at another time.
 * What merely stayed says the same, however long nobody looked: older days are looked at in turn, an hour apart and more,
 * and a reconciliation over weeks sees all again.
 */
final class DivergenceWriter {

    /** Whether a sum is off by another amount, or something else says something else. */
    private static final String MOVED = """
            case when divergence.expected ~ NUMBER and divergence.actual ~ NUMBER
                    and excluded.expected ~ NUMBER and excluded.actual ~ NUMBER
                then excluded.actual::numeric - excluded.expected::numeric
                    <> divergence.actual::numeric - divergence.expected::numeric
                else (excluded.expected, excluded.actual) is distinct from (divergence.expected, divergence.actual) end
            """.replace("NUMBER", Hiding.NUMBER);

    /**
     * Whether a sum that is off as it was had been right in between. Known of today and yesterday, which are looked at once
     * a sweep (1 min, after slow looks 2 min more): a pass of the check that came to its end, with these looks done, so
     * long after the last sight did not see it. While nobody checks, no pass ends, and what stayed is not taken for mended.
     * With a sweep beyond these 15 min it may be: then the gate waits for a person, which is the safe side.
     */
    private static final String MENDED = """
            divergence.kind = 'SUMMARY'
            and (divergence.path like '%' || to_char(statement_timestamp() at time zone 'UTC', 'YYYY-MM-DD') || '%'
                or divergence.path like
                    '%' || to_char((statement_timestamp() - interval '1 day') at time zone 'UTC', 'YYYY-MM-DD') || '%')
            and exists (select from watch_pass p where p.workload = divergence.workload and p.pass = 'CHECK'
                and p.passed_at > divergence.last_seen + interval '15 minutes')
            """;

    private static final String AGAIN = "divergence.kind in ('SUMMARY', 'EXTRA')"
            + " and (divergence.item_key = '' or divergence.route is null) and ((" + MOVED + ") or (" + MENDED + "))";

    /**
     * Whether this write said so, and none in a quarter of an hour before: a sum that goes further off with every item is
     * news now and then. The inner question sees the row as it was before.
     */
    private static final String BACK = """
            again_since = statement_timestamp() and not exists (
                select from divergence b where b.id = divergence.id
                  and coalesce(b.again_since, b.first_seen) > statement_timestamp() - interval '15 minutes')
            """;

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
                actual = excluded.actual, hidden_by = excluded.hidden_by,
                again_since = case when %s then statement_timestamp() else divergence.again_since end
            returning (xmax = 0 or %s) and hidden_by is null, kind
            """.formatted(Hiding.RULE, AGAIN, BACK);

    private DivergenceWriter() {}

    /** @return the kinds of those that were not known before or came back, and are not hidden by a rule, one for each */
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
