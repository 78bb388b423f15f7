package dev.shunt.store;

import static dev.shunt.store.Reads.texts;
import static dev.shunt.store.Reads.utc;

import dev.shunt.core.ItemKey;
import dev.shunt.core.Workload;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Completed items for the comparator, in pages: those nobody has verified yet, and all of them in turn; and the days whose
 * summaries they changed, until somebody has looked at those.
 */
public final class LedgerChecks {

    private final Reads reads;

    public LedgerChecks(DataSource database) {
        this.reads = new Reads(database);
    }

    /** The end of a page; the next one begins behind it. */
    public record Mark(Instant time, String key) {

        /** Before everything. */
        public static final Mark START = new Mark(Instant.EPOCH, "");
    }

    /**
     * Unverified items in the order of their commits.
     *
     * @param committedBefore leaves out what is so young that a reader may still see half of it
     */
    public List<LedgerRow> unchecked(Workload workload, Mark after, Instant committedBefore, int limit) {
        return reads.ask(
                "reading unverified items of " + workload,
                jdbc -> jdbc.sql("select " + LedgerRow.COLUMNS + """
                        from ledger
                        where workload = :workload and state = 'DONE' and checked_at is null
                          and committed_at < :before and (committed_at, item_key) > (:time, :key)
                        order by committed_at, item_key limit :limit
                        """)
                        .param("workload", workload.name())
                        .param("before", utc(committedBefore))
                        .param("time", utc(after.time()))
                        .param("key", after.key())
                        .param("limit", limit)
                        .query(LedgerRow::of)
                        .list());
    }

    /** The mark behind a page of {@link #unchecked}. */
    public static Mark uncheckedMark(LedgerRow last) {
        Instant committed = last.committedAt();
        return new Mark(
                committed == null ? last.acceptedAt() : committed, last.key().value());
    }

    /** Verified items in the order of their acceptance. */
    public List<LedgerRow> checked(Workload workload, Mark after, int limit) {
        return reads.ask(
                "reading verified items of " + workload,
                jdbc -> jdbc.sql("select " + LedgerRow.COLUMNS + """
                        from ledger
                        where workload = :workload and accepted_at >= :time and (accepted_at, item_key) > (:time, :key)
                          and state = 'DONE' and checked_at is not null
                        order by accepted_at, item_key limit :limit
                        """)
                        .param("workload", workload.name())
                        .param("time", utc(after.time()))
                        .param("key", after.key())
                        .param("limit", limit)
                        .query(LedgerRow::of)
                        .list());
    }

    /** The mark behind a page of {@link #checked}. */
    public static Mark checkedMark(LedgerRow last) {
        return new Mark(last.acceptedAt(), last.key().value());
    }

    /** As of now, in the database's time. */
    public void markChecked(Workload workload, Collection<ItemKey> keys) {
        if (keys.isEmpty()) {
            return;
        }
        reads.ask(
                "marking items of " + workload + " as verified",
                jdbc -> jdbc.sql("""
                        update ledger set checked_at = clock_timestamp()
                        where workload = :workload and item_key = any(:keys) and state = 'DONE'
                        """)
                        .param("workload", workload.name())
                        .param("keys", texts(keys))
                        .update());
    }

    /** Items of these days were verified; their summaries are still to be looked at, over any restart. */
    public void oweSummaries(Workload workload, Collection<LocalDate> days) {
        if (days.isEmpty()) {
            return;
        }
        reads.ask(
                "noting days of " + workload + " whose summaries are to be looked at",
                jdbc -> jdbc.sql("""
                        insert into summary_owed (workload, day)
                        select :workload, day::date from unnest(:days) as d(day) order by day
                        on conflict (workload, day) do update set changed_at = excluded.changed_at
                        """)
                        .param("workload", workload.name())
                        .param("days", texts(days))
                        .update());
    }

    /** The days owed, each with the time when that was noted last. */
    public Map<LocalDate, Instant> owedSummaries(Workload workload) {
        return reads
                .ask(
                        "reading days of " + workload + " whose summaries are to be looked at",
                        jdbc -> jdbc.sql("select day, changed_at from summary_owed where workload = :workload")
                                .param("workload", workload.name())
                                .query((row, number) ->
                                        Map.entry(row.getObject("day", LocalDate.class), Reads.time(row, "changed_at")))
                                .list())
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** @param owed as it was before the look; if more was noted since, the day is still owed */
    public void summariesSeen(Workload workload, LocalDate day, Instant owed) {
        reads.ask(
                "noting that the summaries of " + day + " were looked at",
                jdbc -> jdbc.sql(
                                "delete from summary_owed where workload = :workload and day = :day and changed_at = :owed")
                        .param("workload", workload.name())
                        .param("day", day)
                        .param("owed", utc(owed))
                        .update());
    }

    /** Items that the ledger knows as accepted and not stored, oldest first; without those that stand in Postgres. */
    public List<LedgerRow> open(Workload workload, Instant acceptedBefore, int limit) {
        return reads.ask(
                "reading open items of " + workload,
                jdbc -> jdbc.sql("select " + LedgerRow.COLUMNS + """
                        from ledger l where workload = :workload and state = 'OPEN' and accepted_at < :before
                          and not exists (
                              select from stand_in s where s.workload = l.workload and s.item_key = l.item_key)
                        order by accepted_at limit :limit
                        """)
                        .param("workload", workload.name())
                        .param("before", utc(acceptedBefore))
                        .param("limit", limit)
                        .query(LedgerRow::of)
                        .list());
    }

    /** How many items were verified for the first time in {@code from <= t < until}. */
    public long verified(Workload workload, Instant from, Instant until) {
        return reads.ask(
                "counting verified items of " + workload,
                jdbc -> jdbc.sql("""
                        select count(*) from ledger
                        where workload = :workload and checked_at >= :from and checked_at < :until
                        """)
                        .param("workload", workload.name())
                        .param("from", utc(from))
                        .param("until", utc(until))
                        .query(Long.class)
                        .single());
    }

    /** How many completed items wait to be verified, and since when the oldest was committed. */
    public Backlog backlog(Workload workload) {
        return reads.ask(
                "counting unverified items of " + workload,
                jdbc -> jdbc.sql("""
                        select count(*) as items, min(committed_at) as oldest from ledger
                        where workload = :workload and state = 'DONE' and checked_at is null
                        """)
                        .param("workload", workload.name())
                        .query((row, number) -> new Backlog(row.getLong("items"), Reads.timeOrNull(row, "oldest")))
                        .single());
    }

    /** @param oldest commit time of the oldest; null if there is none */
    public record Backlog(long items, @Nullable Instant oldest) {}
}
