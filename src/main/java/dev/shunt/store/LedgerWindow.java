package dev.shunt.store;

import static dev.shunt.store.Reads.utc;

import dev.shunt.core.ItemKey;
import dev.shunt.core.Workload;
import dev.shunt.store.LedgerChecks.Mark;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * The completed items of a span of time, in pages. An item belongs to it if it was accepted in it, and also if it was
 * committed in it: what was accepted before its beginning and stored after it is looked at, too.
 */
public final class LedgerWindow {

    /** Prices and summaries that are pending for longer than this have been forgotten. */
    private static final Duration FINISHED_AFTER = Duration.ofMinutes(5);

    private static final String COMPLETE =
            "(state = 'DONE' or state = 'PENDING' and committed_at < clock_timestamp() - make_interval(secs => :pending)) ";
    private static final String ACCEPTED_IN =
            "accepted_on between :firstDay and :lastDay and accepted_at >= :from and accepted_at < :until ";
    private static final String COMMITTED_IN =
            "committed_at >= :from and committed_at < :until and not (accepted_at >= :from and accepted_at < :until) ";

    private final Reads reads;

    public LedgerWindow(DataSource database) {
        this.reads = new Reads(database);
    }

    /** Accepted in {@code from <= t < until}, in the order of their acceptance. */
    public List<LedgerRow> accepted(Workload workload, Instant from, Instant until, Mark after, int limit) {
        return reads.ask(
                "reading the ledger of " + workload,
                jdbc -> window(
                                jdbc.sql("select " + LedgerRow.COLUMNS + " from ledger where workload = :workload and "
                                        + ACCEPTED_IN
                                        + "and accepted_at >= :time and (accepted_at, item_key) > (:time, :key) and "
                                        + COMPLETE + "order by accepted_at, item_key limit :limit"),
                                workload,
                                from,
                                until)
                        .param("time", utc(after.time()))
                        .param("key", after.key())
                        .param("pending", FINISHED_AFTER.toSeconds())
                        .param("limit", limit)
                        .query(LedgerRow::of)
                        .list());
    }

    /** Committed in {@code from <= t < until} but not accepted in it, in the order of their commits. */
    public List<LedgerRow> committed(Workload workload, Instant from, Instant until, Mark after, int limit) {
        return reads.ask(
                "reading the ledger of " + workload,
                jdbc -> jdbc.sql("select " + LedgerRow.COLUMNS
                                + " from ledger where workload = :workload and " + COMMITTED_IN
                                + "and (committed_at, item_key) > (:time, :key) and " + COMPLETE
                                + "order by committed_at, item_key limit :limit")
                        .param("workload", workload.name())
                        .param("from", utc(from))
                        .param("until", utc(until))
                        .param("time", utc(after.time()))
                        .param("key", after.key())
                        .param("pending", FINISHED_AFTER.toSeconds())
                        .param("limit", limit)
                        .query(LedgerRow::of)
                        .list());
    }

    /** How many {@link #accepted} and {@link #committed} go through. */
    public long items(Workload workload, Instant from, Instant until) {
        return reads.ask(
                "counting the ledger of " + workload,
                jdbc -> window(
                                jdbc.sql("select (select count(*) from ledger where workload = :workload and "
                                        + ACCEPTED_IN
                                        + "and " + COMPLETE
                                        + ") + (select count(*) from ledger where workload = :workload and "
                                        + COMMITTED_IN + "and " + COMPLETE + ")"),
                                workload,
                                from,
                                until)
                        .param("pending", FINISHED_AFTER.toSeconds())
                        .query(Long.class)
                        .single());
    }

    /** An item that is complete in the ledger more than once. */
    public record Duplicate(ItemKey key, String days) {}

    /** Items accepted in the window that have another complete row, accepted on whatever day; at most 10,000. */
    public List<Duplicate> duplicates(Workload workload, Instant from, Instant until) {
        return reads.ask(
                "looking for items of " + workload + " that are complete twice",
                jdbc -> window(jdbc.sql("""
                        select l.item_key, min(l.accepted_on) || ' and ' || max(m.accepted_on) as days
                        from (select * from ledger where workload = :workload and %s) l
                        join ledger m on m.workload = l.workload and m.item_key = l.item_key
                            and m.accepted_on <> l.accepted_on and m.state in ('DONE', 'PENDING')
                        where l.state in ('DONE', 'PENDING')
                        group by l.item_key order by l.item_key limit 10000
                        """.formatted(ACCEPTED_IN)), workload, from, until)
                        .query((row, number) ->
                                new Duplicate(new ItemKey(row.getString("item_key")), row.getString("days")))
                        .list());
    }

    private static StatementSpec window(StatementSpec statement, Workload workload, Instant from, Instant until) {
        return statement
                .param("workload", workload.name())
                .param("from", utc(from))
                .param("until", utc(until))
                .param("firstDay", utc(from).toLocalDate())
                .param("lastDay", utc(until).toLocalDate());
    }
}
