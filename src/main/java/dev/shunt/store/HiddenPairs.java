package dev.shunt.store;

import dev.shunt.core.Route;
import dev.shunt.core.Workload;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import javax.sql.DataSource;

/**
 * Shadow pairs that differ only in what ignore rules hide. Asked when it is read, like everything about rules: a new rule
 * counts for pairs of before, and one that ends counts no more.
 */
public final class HiddenPairs {

    private final Reads reads;

    public HiddenPairs(DataSource database) {
        this.reads = new Reads(database);
    }

    /** How many items of one primary and shadow. */
    public record Count(Route primary, Route shadow, long items) {}

    /** Of the items accepted in the minutes that begin in {@code from <= t < until}, {@code from} cut to its minute. */
    public List<Count> counts(Workload workload, Instant from, Instant until) {
        Instant last = until.minusNanos(1).truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
        return reads.ask(
                "counting hidden shadow pairs of " + workload,
                jdbc -> jdbc.sql("""
                        select p.expected_route, p.route, count(*) as items
                        from (
                            select d.item_key, d.expected_route, d.route
                            from divergence d left join lateral (%s) h on true
                            where d.workload = :workload and d.found_by = 'SHADOW' and d.expected_route is not null
                                and d.route is not null
                                and exists (select from ignore_rule r where r.workload = :workload and %s)
                            group by d.item_key, d.expected_route, d.route
                            having bool_and(h.id is not null)
                        ) p
                        where exists (
                            select from ledger l where l.workload = :workload and l.item_key = p.item_key
                                and l.accepted_at >= :from and l.accepted_at < :until)
                        group by 1, 2 order by 1, 2
                        """.formatted(Hiding.RULE, Hiding.ACTIVE))
                        .param("workload", workload.name())
                        .param("from", Reads.utc(from.truncatedTo(ChronoUnit.MINUTES)))
                        .param("until", Reads.utc(last))
                        .query((row, number) -> new Count(
                                Route.valueOf(row.getString("expected_route")),
                                Route.valueOf(row.getString("route")),
                                row.getLong("items")))
                        .list());
    }
}
