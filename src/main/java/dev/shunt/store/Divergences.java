package dev.shunt.store;

import static dev.shunt.store.Reads.utc;

import dev.shunt.core.Divergence;
import dev.shunt.core.Divergence.Kind;
import dev.shunt.core.Workload;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Every disagreement that was found, each once, however often it is found again. */
public final class Divergences {

    private static final int EXAMPLES = 3;
    private static final int GROUPS = 500;

    private final DataSource database;
    private final Reads reads;

    public Divergences(DataSource database) {
        this.database = database;
        this.reads = new Reads(database);
    }

    /**
     * Keeps them. One that is known already (same kind, item and path) only gets its newest values and is counted.
     *
     * @return how many were not known before
     * @throws dev.shunt.core.UnavailableException if Postgres does not take them
     */
    public int record(Workload workload, List<Divergence> found) {
        if (found.isEmpty()) {
            return 0;
        }
        try (Connection connection = database.getConnection()) {
            return DivergenceWriter.write(connection, workload, found);
        } catch (SQLException fault) {
            throw PostgresFaults.toThrow("recording divergences of " + workload, fault);
        }
    }

    /**
     * Which to list; null leaves a field open.
     *
     * @param path a whole path or a pattern such as {@code spans[].total_cost}
     * @param after the id of the last one already seen; 0 to begin
     * @param limit 1..1000
     */
    public record Filter(
            @Nullable Workload workload,
            @Nullable Kind kind,
            @Nullable String path,
            @Nullable String item,
            long after,
            int limit) {

        public Filter {
            if (limit < 1 || limit > 1_000) {
                throw new IllegalArgumentException("limit must be 1..1000, was " + limit);
            }
        }
    }

    /** @param seen how often it was found */
    public record Recorded(
            long id, Workload workload, Divergence divergence, Instant firstSeen, Instant lastSeen, long seen) {}

    /** In the order they were first found. */
    public List<Recorded> list(Filter filter) {
        return reads.ask(
                "reading divergences",
                jdbc -> jdbc.sql("""
                        select * from divergence
                        where id > :after
                          and (:workload::text is null or workload = :workload)
                          and (:kind::text is null or kind = :kind)
                          and (:path::text is null or path = :path or path_pattern = :path)
                          and (:item::text is null or item_key = :item)
                        order by id limit :limit
                        """)
                        .param(
                                "workload",
                                filter.workload() == null
                                        ? null
                                        : filter.workload().name())
                        .param("after", filter.after())
                        .param(
                                "kind",
                                filter.kind() == null ? null : filter.kind().name())
                        .param("path", filter.path())
                        .param("item", filter.item())
                        .param("limit", filter.limit())
                        .query(DivergenceRow::of)
                        .list());
    }

    /**
     * Divergences of one kind at one place of the data.
     *
     * @param count distinct ones
     * @param seen how often they were found in all
     * @param examples the first three
     */
    public record Group(
            Kind kind,
            String pathPattern,
            long count,
            long seen,
            Instant firstSeen,
            Instant lastSeen,
            List<Recorded> examples) {}

    /** The largest first. */
    public List<Group> groups(Workload workload) {
        List<Recorded> examples = reads.ask(
                "reading examples of divergences",
                jdbc -> jdbc.sql("""
                        select * from (
                            select *, row_number() over (partition by kind, path_pattern order by id) as nth
                            from divergence where workload = :workload) d
                        where nth <= :examples order by id
                        """)
                        .param("workload", workload.name())
                        .param("examples", EXAMPLES)
                        .query(DivergenceRow::of)
                        .list());
        return reads.ask(
                "grouping divergences of " + workload,
                jdbc -> jdbc.sql("""
                        select kind, path_pattern, count(*) as items, sum(seen) as seen,
                               min(first_seen) as first_seen, max(last_seen) as last_seen
                        from divergence where workload = :workload
                        group by kind, path_pattern order by items desc, kind, path_pattern limit :limit
                        """)
                        .param("workload", workload.name())
                        .param("limit", GROUPS)
                        .query((row, number) -> DivergenceRow.group(row, examples))
                        .list());
    }

    /** How many distinct ones of each kind were seen in {@code from <= t < until}. */
    public Map<Kind, Long> totals(Workload workload, Instant from, Instant until) {
        Map<Kind, Long> totals = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            totals.put(kind, 0L);
        }
        reads.ask(
                        "counting divergences of " + workload,
                        jdbc -> jdbc.sql("""
                                select kind, count(*) as items from divergence
                                where workload = :workload and last_seen >= :from and first_seen < :until
                                group by kind
                                """)
                                .param("workload", workload.name())
                                .param("from", utc(from))
                                .param("until", utc(until))
                                .query((row, number) ->
                                        Map.entry(Kind.valueOf(row.getString("kind")), row.getLong("items")))
                                .list())
                .forEach(count -> totals.put(count.getKey(), count.getValue()));
        return totals;
    }
}
