package dev.shunt.store;

import dev.shunt.core.Workload;
import dev.shunt.store.CohortMinute.Packing;
import dev.shunt.store.CohortSql.Part;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the sums of the ledger's minutes up to date. All that was summed up is in one transaction with the mark that says
 * so; a crash leaves the state before. One instance at a time: another one's try finds the lock taken and does nothing.
 */
public final class CohortSums {

    private final DataSource database;
    private final Packing packing;

    public CohortSums(DataSource database, Packing packing) {
        this.database = database;
        this.packing = packing;
    }

    /** What a pass did. */
    public enum Pass {
        /** Everything that changed is summed up, and nothing older is left. */
        COMPLETE,
        /** The same, but older minutes or hours were never summed up: another pass goes on with them. */
        MORE,
        /** Another instance is at it. */
        TAKEN
    }

    /**
     * Sums up the minutes that changed since the last pass, an hour of those that never were, and hours that are over.
     *
     * @throws dev.shunt.core.UnavailableException if Postgres is away; the next pass does it all
     */
    public Pass update(Workload workload) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                Pass pass = update(connection, workload);
                connection.commit();
                return pass;
            } catch (SQLException | RuntimeException fault) {
                connection.rollback();
                throw fault;
            } finally {
                connection.setAutoCommit(true);
            }
        } catch (SQLException fault) {
            throw PostgresFaults.toThrow("summing up the ledger of " + workload, fault);
        }
    }

    private Pass update(Connection connection, Workload workload) throws SQLException {
        if (!lock(connection, workload)) {
            return Pass.TAKEN;
        }
        Instant now = now(connection);
        Optional<CohortMark> mark = CohortMark.read(connection, workload);
        if (mark.isEmpty()) {
            CohortHours.forget(connection, workload);
        }
        CohortMark before = mark.orElseGet(() -> start(now));
        List<Long> notes = staleNotes(connection, workload);
        SortedSet<Instant> changed = before.changed(connection, workload);
        CohortSql.keep(connection, workload, CohortMark.parts(changed), packing);
        Instant builtFrom = before.complete() ? before.builtFrom() : buildBack(connection, workload, before);
        write(connection, workload, new CohortMark(now, builtFrom));
        forget(connection, notes);
        boolean moreHours = CohortHours.sumUp(connection, workload, now, packing);
        return builtFrom.equals(Instant.EPOCH) && !moreHours ? Pass.COMPLETE : Pass.MORE;
    }

    /** Nothing is summed up yet. No item was accepted so far in the future. */
    private static CohortMark start(Instant now) {
        return new CohortMark(now, now.truncatedTo(ChronoUnit.DAYS).plus(3_650, ChronoUnit.DAYS));
    }

    private Instant buildBack(Connection connection, Workload workload, CohortMark mark) throws SQLException {
        Instant newest = newestBefore(connection, workload, mark.builtFrom());
        if (newest == null) {
            return Instant.EPOCH;
        }
        Instant hour = newest.truncatedTo(ChronoUnit.HOURS);
        Instant end = hour.plus(1, ChronoUnit.HOURS);
        Instant until = end.isBefore(mark.builtFrom()) ? end : mark.builtFrom();
        CohortSql.keep(connection, workload, List.of(new Part(hour, until)), packing);
        return hour;
    }

    private static @Nullable Instant newestBefore(Connection connection, Workload workload, Instant before)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("""
                select accepted_at from ledger where workload = ? and accepted_at < ? order by accepted_at desc limit 1
                """)) {
            select.setString(1, workload.name());
            select.setObject(2, before.atOffset(ZoneOffset.UTC));
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Reads.time(row, "accepted_at") : null;
            }
        }
    }

    private static boolean lock(Connection connection, Workload workload) throws SQLException {
        try (PreparedStatement ask =
                connection.prepareStatement("select pg_try_advisory_xact_lock(hashtextextended(?, 0))")) {
            ask.setString(1, "shunt:cohorts:" + workload.name());
            try (ResultSet answer = ask.executeQuery()) {
                return answer.next() && answer.getBoolean(1);
            }
        }
    }

    private static Instant now(Connection connection) throws SQLException {
        try (PreparedStatement ask = connection.prepareStatement("select clock_timestamp() as now");
                ResultSet answer = ask.executeQuery()) {
            answer.next();
            return Reads.time(answer, "now");
        }
    }

    private static void write(Connection connection, Workload workload, CohortMark mark) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement("""
                insert into cohort_mark (workload, seen_until, built_from) values (?, ?, ?)
                on conflict (workload) do update set
                    seen_until = excluded.seen_until, built_from = excluded.built_from
                """)) {
            upsert.setString(1, workload.name());
            upsert.setObject(2, mark.seenUntil().atOffset(ZoneOffset.UTC));
            upsert.setObject(3, mark.builtFrom().atOffset(ZoneOffset.UTC));
            upsert.executeUpdate();
        }
    }

    private static List<Long> staleNotes(Connection connection, Workload workload) throws SQLException {
        List<Long> notes = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("select id from cohort_stale where workload = ?")) {
            select.setString(1, workload.name());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    notes.add(rows.getLong(1));
                }
            }
        }
        return notes;
    }

    /** Only those that were read before the sums were made: one that came meanwhile is for the next pass. */
    private static void forget(Connection connection, List<Long> notes) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("delete from cohort_stale where id = any(?)")) {
            delete.setArray(1, connection.createArrayOf("bigint", notes.toArray()));
            delete.executeUpdate();
        }
    }
}
