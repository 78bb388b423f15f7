package dev.shunt.store;

import dev.shunt.core.Workload;
import dev.shunt.store.CohortMinute.Packing;
import dev.shunt.store.CohortSql.Part;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Sums of the minutes per hour. Whatever changes a minute's sums takes its hour's away in the same transaction, so that an
 * hour that is there is the sum of its minutes.
 */
final class CohortHours {

    /** By then nearly all items are done, and an hour is summed up once. */
    private static final Duration QUIET = Duration.ofMinutes(10);

    /** In one pass. */
    private static final int AT_ONCE = 24;

    private static final String TAKE_AWAY = "delete from cohort_hour where workload = ? and hour = any(?)";
    private static final String NOTE = """
            insert into cohort_hour_due (workload, hour) select ?, unnest(?::timestamptz[]) on conflict do nothing
            """;
    private static final String DUE = """
            select hour as at from cohort_hour_due where workload = ? and hour <= ? order by hour desc limit ?
            """;
    private static final String DONE = "delete from cohort_hour_due where workload = ? and hour = any(?)";
    private static final String MADE = """
            select distinct hour as at from cohort_hour where workload = ? and hour >= ? and hour < ?
            """;

    private CohortHours() {}

    /** One route and one way in. */
    private record Cohort(String decided, String wayIn) {}

    /** The sums of these full minutes change: those of their hours are no longer theirs. */
    static void changed(Connection connection, Workload workload, List<Part> minutes) throws SQLException {
        SortedSet<Instant> hours = new TreeSet<>();
        for (Part part : minutes) {
            Instant hour = part.since().truncatedTo(ChronoUnit.HOURS);
            for (; hour.isBefore(part.before()); hour = hour.plus(1, ChronoUnit.HOURS)) {
                hours.add(hour);
            }
        }
        update(connection, TAKE_AWAY, workload, hours);
        update(connection, NOTE, workload, hours);
    }

    /** No minute is summed up yet. */
    static void forget(Connection connection, Workload workload) throws SQLException {
        for (String table : List.of("cohort_hour", "cohort_hour_due")) {
            try (PreparedStatement delete =
                    connection.prepareStatement("delete from " + table + " where workload = ?")) {
                delete.setString(1, workload.name());
                delete.executeUpdate();
            }
        }
    }

    /**
     * Sums up hours that are over and due, the latest first.
     *
     * @return whether more may be due
     */
    static boolean sumUp(Connection connection, Workload workload, Instant now, Packing packing) throws SQLException {
        SortedSet<Instant> due = new TreeSet<>();
        try (PreparedStatement select = connection.prepareStatement(DUE)) {
            select.setString(1, workload.name());
            select.setObject(2, now.minus(Duration.ofHours(1)).minus(QUIET).atOffset(ZoneOffset.UTC));
            select.setInt(3, AT_ONCE);
            read(select, due);
        }
        for (Instant hour : due) {
            CohortSql.insertHours(connection, workload, sumOf(connection, workload, hour, packing));
        }
        update(connection, DONE, workload, due);
        return due.size() == AT_ONCE;
    }

    private static List<CohortMinute> sumOf(Connection connection, Workload workload, Instant hour, Packing packing)
            throws SQLException {
        Map<Cohort, List<CohortMinute>> minutes = new LinkedHashMap<>();
        Instant end = hour.plus(1, ChronoUnit.HOURS);
        CohortSql.kept(
                connection,
                workload,
                new TreeSet<>(),
                List.of(new Part(hour, end)),
                List.of(),
                minute -> minutes.computeIfAbsent(
                                new Cohort(
                                        minute.decided().name(), minute.wayIn().name()),
                                unseen -> new ArrayList<>())
                        .add(minute));
        return minutes.values().stream()
                .map(cohort -> CohortMinute.sum(hour, cohort, packing))
                .toList();
    }

    /** The hours that are summed up in a window of minutes, without those in which something changed since. */
    static SortedSet<Instant> in(
            Connection connection, Workload workload, Instant since, Instant before, SortedSet<Instant> changed)
            throws SQLException {
        SortedSet<Instant> hours = new TreeSet<>();
        Instant end = before.truncatedTo(ChronoUnit.HOURS);
        if (!since.isBefore(end)) {
            return hours;
        }
        try (PreparedStatement select = connection.prepareStatement(MADE)) {
            select.setString(1, workload.name());
            select.setObject(2, since.atOffset(ZoneOffset.UTC));
            select.setObject(3, end.atOffset(ZoneOffset.UTC));
            read(select, hours);
        }
        changed.forEach(minute -> hours.remove(minute.truncatedTo(ChronoUnit.HOURS)));
        return hours;
    }

    /** What is left of a window without these hours. */
    static List<Part> rest(Instant since, Instant before, SortedSet<Instant> hours) {
        List<Part> rest = new ArrayList<>();
        Instant next = since;
        for (Instant hour : hours) {
            if (next.isBefore(hour)) {
                rest.add(new Part(next, hour));
            }
            next = hour.plus(1, ChronoUnit.HOURS);
        }
        if (next.isBefore(before)) {
            rest.add(new Part(next, before));
        }
        return rest;
    }

    private static void read(PreparedStatement select, SortedSet<Instant> hours) throws SQLException {
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                hours.add(Reads.time(rows, "at"));
            }
        }
    }

    private static void update(Connection connection, String sql, Workload workload, SortedSet<Instant> hours)
            throws SQLException {
        if (hours.isEmpty()) {
            return;
        }
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setString(1, workload.name());
            update.setArray(2, CohortSql.times(connection, hours));
            update.executeUpdate();
        }
    }
}
