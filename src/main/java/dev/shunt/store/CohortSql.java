package dev.shunt.store;

import dev.shunt.core.Route;
import dev.shunt.core.WayIn;
import dev.shunt.core.Workload;
import dev.shunt.store.CohortMinute.Packing;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.function.Consumer;

/** How the ledger is summed up by minutes, and how the sums are kept. The one place that says what is counted. */
final class CohortSql {

    /** So that one statement sums up no more than a busy quarter of an hour. */
    private static final int MINUTES_AT_ONCE = 15;

    private static final String FROM_LEDGER = """
            with item as (
                select date_trunc('minute', l.accepted_at) as minute, l.*,
                    l.state in ('DONE', 'PENDING') and l.reason <> 'REPLAY' as timed
                from unnest(?::timestamptz[], ?::timestamptz[]) as part (since, before)
                join ledger l on l.workload = ? and l.accepted_at >= part.since and l.accepted_at < part.before
                    and l.accepted_on >= (part.since at time zone 'UTC')::date
                    and l.reason <> 'PINNED' -- a person chose their route, so they say nothing about the share
                    and l.accepted_on <= (part.before at time zone 'UTC')::date
            )
            select minute, decided_route, way_in, count(*) as accepted,
                count(*) filter (where state = 'DONE') as completed,
                count(*) filter (where state = 'PENDING') as pending,
                count(*) filter (where state = 'OPEN') as open,
                count(*) filter (where state = 'DEAD') as dead,
                count(*) filter (where attempts > 1) as retried,
                count(*) filter (where reason = 'FALLBACK') as fallback,
                count(*) filter (where executed_route <> decided_route) as diverted,
                sum(duplicates) as duplicates, sum(replays) as replays,
                count(temporal_actions + rows_written) as costed,
                coalesce(sum(temporal_actions) filter (where rows_written is not null), 0) as temporal_actions,
                coalesce(sum(rows_written) filter (where temporal_actions is not null), 0) as rows_written,
                array_agg((extract(epoch from started_at - accepted_at) * 1000000)::bigint)
                    filter (where timed and started_at is not null) as accept_to_start,
                array_agg((extract(epoch from committed_at - started_at) * 1000000)::bigint)
                    filter (where timed and started_at is not null) as start_to_commit,
                array_agg((extract(epoch from done_at - committed_at) * 1000000)::bigint)
                    filter (where timed and done_at is not null) as commit_to_done,
                array_agg((extract(epoch from committed_at - accepted_at) * 1000000)::bigint)
                    filter (where timed) as accept_to_commit
            from item group by minute, decided_route, way_in order by minute, decided_route, way_in
            """;

    private static final String FIGURES = """
            accepted, completed, pending, open, dead, retried, fallback, diverted, duplicates, replays, costed,
            temporal_actions, rows_written, accept_to_start, start_to_commit, commit_to_done, accept_to_commit""";

    private static final String KEPT = """
            select hour as minute, decided_route, way_in, %1$s
            from cohort_hour where workload = ? and hour = any(?)
            union all
            select minute, decided_route, way_in, %1$s
            from unnest(?::timestamptz[], ?::timestamptz[]) as part (since, before)
            join cohort_minute on workload = ? and minute >= part.since and minute < part.before and not minute = any(?)
            order by minute, decided_route, way_in
            """.formatted(FIGURES);

    private static final String KEEP = """
            insert into %s (workload, %s, decided_route, way_in, %s)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;
    private static final String KEEP_MINUTES = KEEP.formatted("cohort_minute", "minute", FIGURES);
    private static final String KEEP_HOURS = KEEP.formatted("cohort_hour", "hour", FIGURES);

    private static final String FORGET = "delete from cohort_minute where workload = ? and minute >= ? and minute < ?";

    private CohortSql() {}

    /** A span of acceptance times, {@code since <= t < before}. */
    record Part(Instant since, Instant before) {}

    /** Sums up what the ledger has now, minute by minute. */
    static void fromLedger(
            Connection connection, Workload workload, List<Part> parts, Packing packing, Consumer<CohortMinute> sink)
            throws SQLException {
        List<Part> waiting = new ArrayList<>();
        long minutes = 0;
        for (Part part : parts.stream().flatMap(each -> slices(each).stream()).toList()) {
            long length = 1 + ChronoUnit.MINUTES.between(part.since(), part.before());
            if (minutes + length > MINUTES_AT_ONCE && !waiting.isEmpty()) {
                sumUp(connection, workload, waiting, packing, sink);
                waiting.clear();
                minutes = 0;
            }
            waiting.add(part);
            minutes += length;
        }
        if (!waiting.isEmpty()) {
            sumUp(connection, workload, waiting, packing, sink);
        }
    }

    private static List<Part> slices(Part part) {
        List<Part> slices = new ArrayList<>();
        Instant since = part.since();
        while (since.isBefore(part.before())) {
            Instant end = since.truncatedTo(ChronoUnit.MINUTES).plus(MINUTES_AT_ONCE, ChronoUnit.MINUTES);
            Instant before = end.isBefore(part.before()) ? end : part.before();
            slices.add(new Part(since, before));
            since = before;
        }
        return slices;
    }

    private static void sumUp(
            Connection connection, Workload workload, List<Part> parts, Packing packing, Consumer<CohortMinute> sink)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(FROM_LEDGER)) {
            var arrays = new SqlArrays(connection, select);
            arrays.add("timestamptz", parts, part -> SqlArrays.timestamp(part.since()));
            arrays.add("timestamptz", parts, part -> SqlArrays.timestamp(part.before()));
            select.setString(3, workload.name());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    Map<CohortStage, byte[]> latencies = new EnumMap<>(CohortStage.class);
                    for (CohortStage stage : CohortStage.values()) {
                        Array values = rows.getArray(column(stage));
                        if (values != null) {
                            latencies.put(stage, packing.pack(longs(values)));
                        }
                    }
                    sink.accept(minute(rows, latencies));
                }
            }
        }
    }

    /**
     * Hands over the sums that are kept, in the order of their times.
     *
     * @param hours of which the sum of the whole hour is read
     * @param parts of which the sums of minutes are read
     * @param except minutes that are left out
     */
    static void kept(
            Connection connection,
            Workload workload,
            SortedSet<Instant> hours,
            List<Part> parts,
            Collection<Instant> except,
            Consumer<CohortMinute> sink)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(KEPT)) {
            select.setFetchSize(500);
            select.setString(1, workload.name());
            select.setArray(2, times(connection, hours));
            select.setArray(3, times(connection, parts.stream().map(Part::since).toList()));
            select.setArray(
                    4, times(connection, parts.stream().map(Part::before).toList()));
            select.setString(5, workload.name());
            select.setArray(6, times(connection, except));
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    Map<CohortStage, byte[]> latencies = new EnumMap<>(CohortStage.class);
                    for (CohortStage stage : CohortStage.values()) {
                        byte[] packed = rows.getBytes(column(stage));
                        if (packed != null) {
                            latencies.put(stage, packed);
                        }
                    }
                    sink.accept(minute(rows, latencies));
                }
            }
        }
    }

    /** Puts the ledger's present sums of these parts, made of full minutes, in the place of those that are kept. */
    static void keep(Connection connection, Workload workload, List<Part> parts, Packing packing) throws SQLException {
        try (PreparedStatement forget = connection.prepareStatement(FORGET)) {
            for (Part part : parts) {
                forget.setString(1, workload.name());
                forget.setObject(2, utc(part.since()));
                forget.setObject(3, utc(part.before()));
                forget.addBatch();
            }
            forget.executeBatch();
        }
        CohortHours.changed(connection, workload, parts);
        List<CohortMinute> minutes = new ArrayList<>();
        fromLedger(connection, workload, parts, packing, minutes::add);
        insert(connection, KEEP_MINUTES, workload, minutes);
    }

    /** Keeps the sums of an hour; none of it may be kept yet. */
    static void insertHours(Connection connection, Workload workload, List<CohortMinute> cohorts) throws SQLException {
        insert(connection, KEEP_HOURS, workload, cohorts);
    }

    private static void insert(Connection connection, String sql, Workload workload, List<CohortMinute> cohorts)
            throws SQLException {
        try (PreparedStatement keep = connection.prepareStatement(sql)) {
            for (CohortMinute cohort : cohorts) {
                bind(keep, workload, cohort);
                keep.addBatch();
            }
            keep.executeBatch();
        }
    }

    private static void bind(PreparedStatement keep, Workload workload, CohortMinute minute) throws SQLException {
        keep.setString(1, workload.name());
        keep.setObject(2, utc(minute.minute()));
        keep.setString(3, minute.decided().name());
        keep.setString(4, minute.wayIn().name());
        CohortCounts counts = minute.counts();
        long[] figures = {
            counts.accepted(),
            counts.completed(),
            counts.pending(),
            counts.open(),
            counts.dead(),
            counts.retried(),
            counts.fallback(),
            counts.diverted(),
            counts.duplicates(),
            counts.replays(),
            counts.costed(),
            counts.temporalActions(),
            counts.rowsWritten()
        };
        int next = 5;
        for (long figure : figures) {
            keep.setLong(next++, figure);
        }
        for (CohortStage stage : CohortStage.values()) {
            keep.setBytes(next++, minute.latencies().get(stage));
        }
    }

    private static CohortMinute minute(ResultSet row, Map<CohortStage, byte[]> latencies) throws SQLException {
        return new CohortMinute(
                row.getObject("minute", OffsetDateTime.class).toInstant(),
                Route.valueOf(row.getString("decided_route")),
                WayIn.valueOf(row.getString("way_in")),
                new CohortCounts(
                        row.getLong("accepted"),
                        row.getLong("completed"),
                        row.getLong("pending"),
                        row.getLong("open"),
                        row.getLong("dead"),
                        row.getLong("retried"),
                        row.getLong("fallback"),
                        row.getLong("diverted"),
                        row.getLong("duplicates"),
                        row.getLong("replays"),
                        row.getLong("costed"),
                        row.getLong("temporal_actions"),
                        row.getLong("rows_written")),
                latencies);
    }

    private static String column(CohortStage stage) {
        return stage.name().toLowerCase(Locale.ROOT);
    }

    private static long[] longs(Array values) throws SQLException {
        Object[] boxed = (Object[]) values.getArray();
        long[] longs = new long[boxed.length];
        for (int i = 0; i < longs.length; i++) {
            longs[i] = (Long) boxed[i];
        }
        return longs;
    }

    static Array times(Connection connection, Collection<Instant> times) throws SQLException {
        return connection.createArrayOf(
                "timestamptz", times.stream().map(SqlArrays::timestamp).toArray());
    }

    private static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}
