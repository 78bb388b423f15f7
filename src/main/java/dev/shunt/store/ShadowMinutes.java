package dev.shunt.store;

import dev.shunt.core.Route;
import dev.shunt.core.Shadowing.Mode;
import dev.shunt.core.Workload;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import javax.sql.DataSource;

/** Counts of shadow pairs by the minute in which their items were accepted. All instances add to the same rows. */
public final class ShadowMinutes {

    private static final String ADD = """
            insert into shadow_minute as m (workload, minute, primary_route, shadow_route, mode, sampled, equal, differing,
                shed, failed, timed_out, by_people)
            select * from unnest(?::text[], ?::timestamptz[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::bigint[],
                ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[]) as i
            order by 1, 2, 3, 4, 5
            on conflict (workload, minute, primary_route, shadow_route, mode) do update set
                sampled = m.sampled + excluded.sampled, equal = m.equal + excluded.equal,
                differing = m.differing + excluded.differing, shed = m.shed + excluded.shed,
                failed = m.failed + excluded.failed, timed_out = m.timed_out + excluded.timed_out,
                by_people = m.by_people + excluded.by_people
            """;

    private final DataSource database;
    private final Reads reads;

    ShadowMinutes(DataSource database) {
        this.database = database;
        this.reads = new Reads(database);
    }

    /**
     * What pairs are counted under.
     *
     * @param minute in which the item was accepted, cut to the minute
     */
    public record PairKey(Workload workload, Instant minute, Route primary, Route shadow, Mode mode) {
        public PairKey {
            minute = minute.truncatedTo(ChronoUnit.MINUTES);
        }
    }

    /**
     * Pairs; sampled = equal + differing + shed + failed + timedOut + those still waiting.
     *
     * @param byPeople of equal + differing, those of items of which people decided: no gate counts them
     */
    public record Counts(
            long sampled, long equal, long differing, long shed, long failed, long timedOut, long byPeople) {}

    /** Counts under one key. */
    public record Row(PairKey key, Counts counts) {}

    /**
     * Adds to what is there.
     *
     * @return false if the connection broke meanwhile: they were added, or they were not
     * @throws dev.shunt.core.UnavailableException if Postgres does not take them: nothing was added
     */
    public boolean add(List<Row> rows) {
        if (rows.isEmpty()) {
            return true;
        }
        try (Connection connection = database.getConnection();
                PreparedStatement add = connection.prepareStatement(ADD)) {
            var arrays = new SqlArrays(connection, add);
            arrays.add("text", rows, row -> row.key().workload().name());
            arrays.add("timestamptz", rows, row -> SqlArrays.timestamp(row.key().minute()));
            arrays.add("text", rows, row -> row.key().primary().name());
            arrays.add("text", rows, row -> row.key().shadow().name());
            arrays.add("text", rows, row -> row.key().mode().name());
            arrays.add("bigint", rows, row -> row.counts().sampled());
            arrays.add("bigint", rows, row -> row.counts().equal());
            arrays.add("bigint", rows, row -> row.counts().differing());
            arrays.add("bigint", rows, row -> row.counts().shed());
            arrays.add("bigint", rows, row -> row.counts().failed());
            arrays.add("bigint", rows, row -> row.counts().timedOut());
            arrays.add("bigint", rows, row -> row.counts().byPeople());
            return isAdded(add);
        } catch (SQLException fault) {
            throw PostgresFaults.toThrow("counting shadow pairs", fault);
        }
    }

    private static boolean isAdded(PreparedStatement add) throws SQLException {
        try {
            add.executeUpdate();
            return true;
        } catch (SQLException fault) {
            String state = fault.getSQLState();
            if (state != null && state.startsWith("08")) { // the connection: a commit may have lost its reply
                return false;
            }
            throw fault;
        }
    }

    /** Sums over the minutes that begin in {@code from <= t < until}, {@code from} cut to its minute. */
    public List<Row> sums(Workload workload, Instant from, Instant until) {
        Instant first = from.truncatedTo(ChronoUnit.MINUTES);
        return reads.ask(
                "counting shadow pairs of " + workload,
                jdbc -> jdbc.sql("""
                        select primary_route, shadow_route, mode, sum(sampled)::bigint as sampled,
                            sum(equal)::bigint as equal, sum(differing)::bigint as differing, sum(shed)::bigint as shed,
                            sum(failed)::bigint as failed, sum(timed_out)::bigint as timed_out, sum(by_people)::bigint as by_people
                        from shadow_minute where workload = :workload and minute >= :from and minute < :until
                        group by 1, 2, 3 order by 1, 2, 3
                        """)
                        .param("workload", workload.name())
                        .param("from", Reads.utc(first))
                        .param("until", Reads.utc(until))
                        .query((row, number) -> new Row(
                                new PairKey(
                                        workload,
                                        first,
                                        Route.valueOf(row.getString("primary_route")),
                                        Route.valueOf(row.getString("shadow_route")),
                                        Mode.valueOf(row.getString("mode"))),
                                new Counts(
                                        row.getLong("sampled"),
                                        row.getLong("equal"),
                                        row.getLong("differing"),
                                        row.getLong("shed"),
                                        row.getLong("failed"),
                                        row.getLong("timed_out"),
                                        row.getLong("by_people"))))
                        .list());
    }
}
