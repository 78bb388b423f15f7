package dev.shunt.store;

import static dev.shunt.store.Reads.utc;

import dev.shunt.core.Divergence;
import dev.shunt.core.Divergence.FoundBy;
import dev.shunt.core.Divergence.Kind;
import dev.shunt.core.GroupState;
import dev.shunt.core.Workload;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Every disagreement that was found, each once, however often it is found again. */
public final class Divergences {

    private static final String ENTRY = """
            select s.*, coalesce(case when j.back then 'NEW' else j.state end, 'NEW') as group_state
            from shown s left join judged j using (workload, kind, path_pattern)
            """;

    private final DataSource database;
    private final Reads reads;
    private final BiConsumer<Workload, Kind> news;

    public Divergences(DataSource database) {
        this(database, (workload, kind) -> {});
    }

    /** @param news is told of each that was not known before, or came back, and that no rule hides */
    Divergences(DataSource database, BiConsumer<Workload, Kind> news) {
        this.database = database;
        this.news = news;
        this.reads = new Reads(database);
    }

    /**
     * Keeps them. One that is known already (same kind, item and path) only gets its newest values and is counted.
     *
     * @return how many were not known before, or came back, and are not hidden by a rule
     * @throws dev.shunt.core.UnavailableException if Postgres does not take them
     */
    public int record(Workload workload, List<Divergence> found) {
        if (found.isEmpty()) {
            return 0;
        }
        try (Connection connection = database.getConnection()) {
            List<Kind> fresh = DivergenceWriter.write(connection, workload, found);
            fresh.forEach(kind -> news.accept(workload, kind));
            return fresh.size();
        } catch (SQLException fault) {
            throw PostgresFaults.toThrow("recording divergences of " + workload, fault);
        }
    }

    /** Which of them as to ignore rules. */
    public enum Hidden {
        /** Without those that a rule hides. */
        LEFT_OUT,
        /** Only those. */
        ONLY,
        INCLUDED
    }

    /**
     * Which to list; null leaves a field open.
     *
     * @param path a whole path or a pattern such as {@code spans[].total_cost}
     * @param state of the group that it belongs to
     * @param from seen last at this time or later
     * @param until seen first before this time
     * @param after the id of the last one already seen; 0 to begin
     * @param limit 1..1000
     */
    public record Filter(
            @Nullable Workload workload,
            @Nullable Kind kind,
            @Nullable String path,
            @Nullable String item,
            @Nullable FoundBy foundBy,
            @Nullable GroupState state,
            @Nullable Instant from,
            @Nullable Instant until,
            Hidden hidden,
            long after,
            int limit) {

        public Filter {
            if (limit < 1 || limit > 1_000) {
                throw new IllegalArgumentException("limit must be 1..1000, was " + limit);
            }
        }

        /** The first page of all. */
        public static Filter all(int limit) {
            return new Filter(null, null, null, null, null, null, null, null, Hidden.INCLUDED, 0, limit);
        }
    }

    /**
     * @param seen how often it was found
     * @param state of its group
     * @param hiddenBy the active rule that hides it; null if none does
     */
    public record Recorded(
            long id,
            Workload workload,
            Divergence divergence,
            Instant firstSeen,
            Instant lastSeen,
            long seen,
            GroupState state,
            @Nullable Long hiddenBy) {

        Recorded in(GroupState other) {
            return new Recorded(id, workload, divergence, firstSeen, lastSeen, seen, other, hiddenBy);
        }
    }

    /** In the order they were first found. */
    public List<Recorded> list(Filter filter) {
        return reads.ask(
                "reading divergences",
                jdbc -> jdbc.sql(Hiding.WITH + ENTRY + """
                        where s.id > :after
                          and (:workload::text is null or workload = :workload)
                          and (:kind::text is null or kind = :kind)
                          and (:path::text is null or s.path = :path or path_pattern = :path)
                          and (:item::text is null or s.item_key = :item)
                          and (:foundBy::text is null or s.found_by = :foundBy)
                          and (:state::text is null or coalesce(case when j.back then 'NEW' else j.state end, 'NEW') = :state)
                          and (:from::timestamptz is null or s.last_seen >= :from)
                          and (:until::timestamptz is null or s.first_seen < :until)
                          and (:hidden = 'INCLUDED' or (:hidden = 'ONLY') = (s.hiding_rule is not null))
                        order by s.id limit :limit
                        """)
                        .param(
                                "workload",
                                filter.workload() == null
                                        ? null
                                        : filter.workload().name())
                        .param("after", filter.after())
                        .param("kind", name(filter.kind()))
                        .param("path", filter.path())
                        .param("item", filter.item())
                        .param("foundBy", name(filter.foundBy()))
                        .param("state", name(filter.state()))
                        .param("from", orNull(filter.from()))
                        .param("until", orNull(filter.until()))
                        .param("hidden", filter.hidden().name())
                        .param("limit", filter.limit())
                        .query(DivergenceRow::of)
                        .list());
    }

    public Optional<Recorded> find(long id) {
        return reads.ask(
                "reading divergence " + id,
                jdbc -> jdbc.sql(Hiding.WITH + ENTRY + "where s.id = :id")
                        .param("id", id)
                        .query(DivergenceRow::of)
                        .optional());
    }

    /** How many distinct ones of each kind were seen in {@code from <= t < until}, without those that a rule hides. */
    public Map<Kind, Long> totals(Workload workload, Instant from, Instant until) {
        Map<Kind, Long> totals = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            totals.put(kind, 0L);
        }
        reads.ask(
                        "counting divergences of " + workload,
                        jdbc -> jdbc.sql(Hiding.WITH + """
                                select kind, count(*) as items from shown
                                where workload = :workload and last_seen >= :from and first_seen < :until
                                  and hiding_rule is null
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

    /**
     * How many items disagree: those with a divergence that no rule hides, other than LATE, seen in
     * {@code from <= t < until}. LATE says when an item was stored, not what, so it is no disagreement of results.
     *
     * @param foundBy only what this mechanism found; null: what any but SHADOW found
     */
    public long differingItems(Workload workload, @Nullable FoundBy foundBy, Instant from, Instant until) {
        return reads.ask(
                "counting items of " + workload + " that disagree",
                jdbc -> jdbc.sql(Hiding.WITH + """
                        select count(distinct item_key) from shown
                        where workload = :workload and last_seen >= :from and first_seen < :until
                          and hiding_rule is null and kind <> 'LATE' and item_key <> ''
                          and (found_by = :foundBy or :foundBy::text is null and found_by <> 'SHADOW')
                        """)
                        .param("workload", workload.name())
                        .param("foundBy", name(foundBy))
                        .param("from", utc(from))
                        .param("until", utc(until))
                        .query(Long.class)
                        .single());
    }

    private static @Nullable String name(@Nullable Enum<?> value) {
        return value == null ? null : value.name();
    }

    private static @Nullable OffsetDateTime orNull(@Nullable Instant time) {
        return time == null ? null : utc(time);
    }
}
