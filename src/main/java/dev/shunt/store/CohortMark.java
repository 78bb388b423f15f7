package dev.shunt.store;

import dev.shunt.core.Workload;
import dev.shunt.store.CohortSql.Part;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How far the sums of one workload go: in the sums of the minutes from {@code builtFrom} on is everything that changed
 * until two minutes before {@code seenUntil}.
 *
 * @param seenUntil by the database's clock
 * @param builtFrom a full minute; 1970 when no minute is left
 */
record CohortMark(Instant seenUntil, Instant builtFrom) {

    /** A transaction's rows show when it commits, which is later than they were written; none takes this long. */
    static final Duration LATE_COMMITS = Duration.ofMinutes(2);

    private static final String MARK = "select seen_until, built_from from cohort_mark where workload = ?";

    private static final String CHANGED = """
            select distinct date_trunc('minute', accepted_at) as minute from ledger
            where workload = ? and changed_at >= ?
            union
            select minute from cohort_stale where workload = ?
            """;

    static Optional<CohortMark> read(Connection connection, Workload workload) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(MARK)) {
            select.setString(1, workload.name());
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(new CohortMark(Reads.time(row, "seen_until"), Reads.time(row, "built_from")))
                        : Optional.empty();
            }
        }
    }

    boolean complete() {
        return builtFrom.equals(Instant.EPOCH);
    }

    /** Minutes whose sums may not be the ledger's any more. */
    NavigableSet<Instant> changed(Connection connection, Workload workload) throws SQLException {
        NavigableSet<Instant> changed = new TreeSet<>();
        try (PreparedStatement select = connection.prepareStatement(CHANGED)) {
            select.setString(1, workload.name());
            select.setObject(2, seenUntil.minus(LATE_COMMITS).atOffset(ZoneOffset.UTC));
            select.setString(3, workload.name());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    Instant minute =
                            rows.getObject("minute", OffsetDateTime.class).toInstant();
                    if (!minute.isBefore(builtFrom)) {
                        changed.add(minute);
                    }
                }
            }
        }
        return changed;
    }

    /** What must be read from the ledger for a window: its ends, what changed, and what was never summed up. */
    List<Part> fromLedger(SortedSet<Instant> changed, Instant since, Instant before) {
        Instant firstFull = firstFull(since);
        Instant endOfFull = before.truncatedTo(ChronoUnit.MINUTES);
        if (!firstFull.isBefore(endOfFull)) {
            return List.of(new Part(since, before));
        }
        List<Part> parts = new ArrayList<>();
        add(parts, since, firstFull);
        for (Instant minute : changed.subSet(firstFull, endOfFull)) {
            add(parts, minute, minute.plus(1, ChronoUnit.MINUTES));
        }
        add(parts, endOfFull, before);
        return parts;
    }

    /** The first full minute of a window that is summed up. */
    Instant firstFull(Instant since) {
        Instant start = since.isBefore(builtFrom) ? builtFrom : since;
        Instant minute = start.truncatedTo(ChronoUnit.MINUTES);
        return minute.equals(start) ? minute : minute.plus(1, ChronoUnit.MINUTES);
    }

    /** Minutes side by side become one part. */
    static List<Part> parts(SortedSet<Instant> minutes) {
        List<Part> parts = new ArrayList<>();
        minutes.forEach(minute -> add(parts, minute, minute.plus(1, ChronoUnit.MINUTES)));
        return parts;
    }

    private static void add(List<Part> parts, Instant since, Instant before) {
        if (!since.isBefore(before)) {
            return;
        }
        if (!parts.isEmpty() && parts.getLast().before().equals(since)) {
            parts.add(new Part(parts.removeLast().since(), before));
        } else {
            parts.add(new Part(since, before));
        }
    }
}
