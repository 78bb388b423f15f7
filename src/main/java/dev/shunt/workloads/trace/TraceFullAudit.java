package dev.shunt.workloads.trace;

import dev.shunt.core.Divergence;
import dev.shunt.core.FullAudit;
import dev.shunt.core.ResultAudit;
import dev.shunt.core.SummaryChange;
import dev.shunt.core.Workload;
import dev.shunt.store.LedgerReach;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;

/** Traces of a long span of time: the same checks in a few large questions instead of many small ones. */
final class TraceFullAudit implements FullAudit {

    private static final int UNACCOUNTED = 10_000;
    private static final String DAYS = """
            select distinct (start_time at time zone 'UTC')::date::text from span
            where stored_at >= ?::timestamptz and stored_at < ?::timestamptz and summary_model is not null
            """;

    private final ResultAudit audit;
    private final OutsideAudit outside;
    private final Snapshot snapshot;
    private final SummaryRepair repair;
    private final LedgerReach reach;

    /** @param outside verifies what a worker outside Shunt stored */
    TraceFullAudit(DataSource database, OutsideAudit outside, LedgerReach reach) {
        this.audit = new TraceAudit(database, outside, reach);
        this.outside = outside;
        this.reach = reach;
        this.snapshot = new Snapshot(database);
        this.repair = new SummaryRepair(database);
    }

    @Override
    public Workload workload() {
        return TraceWorkload.TRACE;
    }

    @Override
    public ResultAudit audit() {
        return audit;
    }

    @Override
    public List<Divergence> unaccounted(Instant begin, Instant until) {
        Instant from = reach.known(begin);
        if (!from.isBefore(until)) {
            return List.of();
        }
        List<Divergence> found = new ArrayList<>(snapshot.read(
                "looking for traces nobody accepted",
                connection -> Unaccounted.traces(connection, from, until, UNACCOUNTED)));
        found.addAll(outside.unaccounted(from, until));
        return found;
    }

    @Override
    public List<Divergence> orphans(Instant from, Instant until) {
        return snapshot.read("looking for orphans", connection -> Orphans.find(connection, from, until, reach));
    }

    @Override
    public Set<LocalDate> summaryDays(Instant from, Instant until) {
        return snapshot.read("looking up the days of stored spans", connection -> {
            Set<LocalDate> days = new TreeSet<>();
            try (PreparedStatement select = connection.prepareStatement(DAYS)) {
                select.setString(1, from.toString());
                select.setString(2, until.toString());
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        days.add(LocalDate.parse(rows.getString(1)));
                    }
                }
            }
            return days;
        });
    }

    @Override
    public List<SummaryChange> planRepair(LocalDate day) {
        return repair.plan(day);
    }

    @Override
    public List<SummaryChange> repairSummaries(LocalDate day, long run, String actor) {
        return repair.apply(day, run, actor);
    }
}
