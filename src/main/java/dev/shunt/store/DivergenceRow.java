package dev.shunt.store;

import dev.shunt.core.Divergence;
import dev.shunt.core.Divergence.FoundBy;
import dev.shunt.core.Divergence.Kind;
import dev.shunt.core.Epoch;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Route;
import dev.shunt.core.Workload;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads rows of the table {@code divergence}. */
final class DivergenceRow {

    private DivergenceRow() {}

    static Divergences.Recorded of(ResultSet row, int number) throws SQLException {
        var divergence = new Divergence(
                FoundBy.valueOf(row.getString("found_by")),
                Kind.valueOf(row.getString("kind")),
                row.getString("path"),
                row.getString("expected"),
                row.getString("actual"),
                key(row.getString("item_key")),
                route(row.getString("route")),
                epoch(row.getObject("epoch", Long.class)),
                route(row.getString("expected_route")),
                epoch(row.getObject("expected_epoch", Long.class)));
        return new Divergences.Recorded(
                row.getLong("id"),
                new Workload(row.getString("workload")),
                divergence,
                Reads.time(row, "first_seen"),
                Reads.time(row, "last_seen"),
                row.getLong("seen"));
    }

    static Divergences.Group group(ResultSet row, List<Divergences.Recorded> examples) throws SQLException {
        Kind kind = Kind.valueOf(row.getString("kind"));
        String pattern = row.getString("path_pattern");
        return new Divergences.Group(
                kind,
                pattern,
                row.getLong("items"),
                row.getLong("seen"),
                Reads.time(row, "first_seen"),
                Reads.time(row, "last_seen"),
                examples.stream()
                        .filter(each -> each.divergence().kind() == kind
                                && each.divergence().pathPattern().equals(pattern))
                        .toList());
    }

    private static @Nullable ItemKey key(String text) {
        return text.isEmpty() ? null : new ItemKey(text);
    }

    private static @Nullable Route route(@Nullable String text) {
        return text == null ? null : Route.valueOf(text);
    }

    private static @Nullable Epoch epoch(@Nullable Long value) {
        return value == null ? null : new Epoch(value);
    }
}
