package dev.shunt.store;

import dev.shunt.core.Workload;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;

/** What gates read of that which nobody knows: pairs without a result, divergences that are no item's on Temporal. */
public final class GateDoubts {

    private final Reads reads;

    public GateDoubts(DataSource database) {
        this.reads = new Reads(database);
    }

    /** Pairs of both routes whose second run was late or failed, of items accepted since then, cut to its minute. */
    public long pairsWithoutResult(Workload workload, Instant since) {
        return reads.ask(
                "counting pairs of " + workload + " without a result",
                jdbc -> jdbc.sql("""
                        select coalesce(sum(failed + timed_out), 0)::bigint from shadow_minute
                        where workload = :workload and mode = 'OTHER_ROUTE' and minute >= date_trunc('minute', :since)
                        """)
                        .param("workload", workload.name())
                        .param("since", Reads.utc(since))
                        .query(Long.class)
                        .single());
    }

    /**
     * Divergences of one kind at one place of the data.
     *
     * @param name {@code kind at path}
     */
    public record Group(String name, long divergences) {}

    /**
     * All groups together.
     *
     * @param divergences in all groups
     * @param back those among them that were first seen earlier, and came back or went further since
     * @param groups how many there are
     * @param largest of them, the largest first
     */
    public record OfNoItem(long divergences, long back, int groups, List<Group> largest) {}

    /**
     * Divergences that were first seen since then, or came back, and are no item's on either route: of a summary, a session, of a row
     * that nobody accepted. Without those that a rule hides, and without groups that somebody has accepted. LATE says
     * when, not what, and is left out.
     *
     * @param named how many of the largest groups to name
     */
    public OfNoItem ofNoItem(Workload workload, Instant since, int named) {
        List<Row> rows = reads.ask(
                "reading divergences of " + workload + " that are no item's",
                jdbc -> jdbc.sql(Hiding.WITH + """
                        select s.kind || ' at ' || s.path_pattern as name, count(*) as divergences,
                            (sum(count(*)) over ())::bigint as all_divergences, (count(*) over ())::integer as all_groups,
                            (sum(count(*) filter (where s.first_seen < :since)) over ())::bigint as all_back
                        from shown s
                        where s.workload = :workload and (s.first_seen >= :since or s.again_since >= :since)
                          and s.hiding_rule is null
                          and s.kind <> 'LATE' and s.found_by <> 'SHADOW' and (s.item_key = '' or s.route is null)
                          and not exists (
                              select from judged j where j.workload = s.workload and j.kind = s.kind
                                and j.path_pattern = s.path_pattern and j.state = 'ACCEPTED')
                        group by 1 order by 2 desc, 1 limit :named
                        """)
                        .param("workload", workload.name())
                        .param("since", Reads.utc(since))
                        .param("named", named)
                        .query((row, number) -> new Row(
                                new Group(row.getString("name"), row.getLong("divergences")),
                                row.getLong("all_divergences"),
                                row.getLong("all_back"),
                                row.getInt("all_groups")))
                        .list());
        return rows.isEmpty()
                ? new OfNoItem(0, 0, 0, List.of())
                : new OfNoItem(
                        rows.getFirst().divergences(),
                        rows.getFirst().back(),
                        rows.getFirst().groups(),
                        rows.stream().map(Row::group).toList());
    }

    /** A group, and all of them together. */
    private record Row(Group group, long divergences, long back, int groups) {}
}
