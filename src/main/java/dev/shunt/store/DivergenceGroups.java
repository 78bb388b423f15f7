package dev.shunt.store;

import static dev.shunt.store.Reads.utc;

import dev.shunt.core.Divergence.FoundBy;
import dev.shunt.core.Divergence.Kind;
import dev.shunt.core.GroupState;
import dev.shunt.core.Workload;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Divergences by kind and place of the data, with what people said of each group. */
public final class DivergenceGroups {

    private static final int GROUPS = 500;
    private static final String IN_WINDOW = "(last_seen >= :from and first_seen < :until)";

    private final Reads reads;

    public DivergenceGroups(DataSource database) {
        this.reads = new Reads(database);
    }

    /**
     * @param from for {@code affected}
     * @param until for {@code affected}
     * @param onlySeenThen leaves out what was not seen between the two
     * @param examples up to this many of each group, 0..20
     */
    public record Question(Workload workload, Instant from, Instant until, boolean onlySeenThen, int examples) {}

    /**
     * Divergences of one kind at one place of the data.
     *
     * @param count distinct ones that no rule hides, each once however many mechanisms found it
     * @param seen how often those were found in all
     * @param hidden distinct ones that an ignore rule hides
     * @param firstSeen of all of them, hidden or not
     * @param affected distinct items with one of them that was seen in the window and is not hidden
     * @param aboutItems false if none of them is about an item, for example a summary
     * @param examples the first ones, hidden ones last
     */
    public record Group(
            Kind kind,
            String pathPattern,
            Set<FoundBy> foundBy,
            long count,
            long seen,
            long hidden,
            Instant firstSeen,
            Instant lastSeen,
            long affected,
            boolean aboutItems,
            Judgement judgement,
            List<Divergences.Recorded> examples) {}

    /**
     * What a person said of a group.
     *
     * @param state as it counts now
     * @param reopened said to be fixed and seen again since
     * @param by null if nobody has said anything
     */
    public record Judgement(
            GroupState state,
            boolean reopened,
            @Nullable String by,
            @Nullable String reason,
            @Nullable Instant at) {}

    /** The largest first, at most 500. */
    public List<Group> groups(Question question) {
        OffsetDateTime from = utc(question.from());
        OffsetDateTime until = utc(question.until());
        String window = question.onlySeenThen() ? "and " + IN_WINDOW : "";
        List<Divergences.Recorded> examples = reads.ask(
                "reading examples of divergences",
                jdbc -> jdbc.sql(Hiding.WITH + """
                        select d.*, 'NEW' as group_state from (
                            select *, row_number() over (
                                partition by kind, path_pattern order by hiding_rule is not null, id) as nth
                            from shown where workload = :workload %s) d
                        where nth <= :examples order by hiding_rule is not null, id
                        """.formatted(window))
                        .param("workload", question.workload().name())
                        .param("from", from)
                        .param("until", until)
                        .param("examples", question.examples())
                        .query(DivergenceRow::of)
                        .list());
        return reads.ask(
                "grouping divergences of " + question.workload(),
                jdbc -> jdbc.sql(Hiding.WITH
                                + """
                        , grouped as (
                            select kind, path_pattern, count(distinct (item_key, path)) filter (where hiding_rule is null) as items,
                                   coalesce(sum(seen) filter (where hiding_rule is null), 0) as seen,
                                   count(hiding_rule) as hidden, array_agg(distinct found_by) as found_by,
                                   min(first_seen) as first_seen, max(last_seen) as last_seen,
                                   bool_or(item_key <> '') as about_items,
                                   count(distinct item_key) filter (
                                       where hiding_rule is null and item_key <> '' and IN_WINDOW) as affected
                            from shown where workload = :workload %s
                            group by kind, path_pattern
                        )
                        select g.*, coalesce(case when j.back then 'NEW' else j.state end, 'NEW') as state,
                               coalesce(j.back, false) as back, j.judged_by, j.reason, j.judged_at
                        from grouped g left join judged j
                            on j.workload = :workload and j.kind = g.kind and j.path_pattern = g.path_pattern
                        order by items desc, hidden desc, kind, path_pattern limit :limit
                        """.replace("IN_WINDOW", IN_WINDOW).formatted(window))
                        .param("workload", question.workload().name())
                        .param("from", from)
                        .param("until", until)
                        .param("limit", GROUPS)
                        .query((row, number) -> DivergenceRow.group(row, examples))
                        .list());
    }

    /**
     * Keeps what a person says of a group.
     *
     * @param by who
     * @return false if there is no such group; nothing is kept then
     */
    public boolean judge(Workload workload, Kind kind, String pathPattern, GroupState state, String by, String reason) {
        return reads.ask(
                        "judging " + kind + " at " + pathPattern,
                        jdbc -> jdbc.sql("""
                                insert into divergence_judgement (workload, kind, path_pattern, state, judged_by, reason)
                                select :workload, :kind, :path, :state, :by, :reason
                                where exists (select from divergence d where d.workload = :workload
                                    and d.kind = :kind and d.path_pattern = :path)
                                """)
                                .param("workload", workload.name())
                                .param("kind", kind.name())
                                .param("path", pathPattern)
                                .param("state", state.name())
                                .param("by", by)
                                .param("reason", reason)
                                .update())
                == 1;
    }
}
