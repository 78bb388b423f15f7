package dev.shunt.store;

import dev.shunt.core.Divergence;
import dev.shunt.core.Divergence.FoundBy;
import dev.shunt.core.Divergence.Kind;
import dev.shunt.core.Epoch;
import dev.shunt.core.GroupState;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Route;
import dev.shunt.core.Workload;
import dev.shunt.store.DivergenceGroups.Group;
import dev.shunt.store.DivergenceGroups.Judgement;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
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
                row.getLong("seen"),
                GroupState.valueOf(row.getString("group_state")),
                row.getObject("hiding_rule", Long.class));
    }

    static Group group(ResultSet row, List<Divergences.Recorded> examples) throws SQLException {
        Kind kind = Kind.valueOf(row.getString("kind"));
        String pattern = row.getString("path_pattern");
        GroupState state = GroupState.valueOf(row.getString("state"));
        return new Group(
                kind,
                pattern,
                foundBy(row.getArray("found_by")),
                row.getLong("items"),
                row.getLong("seen"),
                row.getLong("hidden"),
                Reads.time(row, "first_seen"),
                Reads.time(row, "last_seen"),
                row.getLong("affected"),
                row.getBoolean("about_items"),
                new Judgement(
                        state,
                        row.getBoolean("back"),
                        row.getString("judged_by"),
                        row.getString("reason"),
                        Reads.timeOrNull(row, "judged_at")),
                examples.stream()
                        .filter(each -> each.divergence().kind() == kind
                                && each.divergence().pathPattern().equals(pattern))
                        .map(each -> each.in(state))
                        .toList());
    }

    private static Set<FoundBy> foundBy(Array names) throws SQLException {
        Set<FoundBy> found = EnumSet.noneOf(FoundBy.class);
        for (String name : (String[]) names.getArray()) {
            found.add(FoundBy.valueOf(name));
        }
        return found;
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
