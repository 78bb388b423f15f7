package dev.shunt.rollout;

import dev.shunt.core.Percentage;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What happened to a workload's rollout, as one story: changes of the flag by whatever hand, and what was ordered. */
public final class RolloutStory {

    private static final Duration AWAY = Duration.ofSeconds(2);
    private static final String SQL = """
            select * from (
                select 'FLAG' as kind, epoch as number, epoch, changed_at as at, changed_by as actor, verified, reason,
                       database_user, null as what, null as rollout, null as verdict, null as detail,
                       null as from_state, null as to_state, null as from_phase, null as to_phase,
                       case when old_row is not null then flag_basis_points(old_row) end as from_points,
                       case when new_row is not null then flag_basis_points(new_row) end as to_points,
                       old_row ->> 'enable' = '1' as from_enabled, new_row ->> 'enable' = '1' as to_enabled
                from flag_history where feature = :feature
                union all
                select 'ROLLOUT', id, epoch, at, actor, verified, reason, null, what, rollout, verdict, detail,
                       from_state, to_state, from_phase, to_phase, from_points, to_points, null, null
                from rollout_event where workload = :workload
            ) story
            where (at, kind, number) < (:at::timestamptz, :kind, :number)
            order by at desc, kind desc, number desc limit :limit
            """;

    private final DataSource connections;
    private final WorkloadCatalog catalog;

    RolloutStory(DataSource connections, WorkloadCatalog catalog) {
        this.connections = connections;
        this.catalog = catalog;
    }

    /** Where the text comes from. */
    public enum Kind {
        /** The flag's own history, written by its trigger. */
        FLAG,
        /** The audit trail of steps. */
        ROLLOUT
    }

    /**
     * The place of an entry in the story.
     *
     * @param number within its kind
     */
    public record Cursor(Instant at, Kind kind, long number) {

        private static final Pattern FORM = Pattern.compile("(\\d{1,18})-(FLAG|ROLLOUT)-(\\d{1,18})");
        private static final long MICROS = 1_000_000;

        /** @throws IllegalArgumentException if it is none that {@link #toString} made */
        public static Cursor parse(String text) {
            Matcher form = FORM.matcher(text);
            if (!form.matches()) {
                throw new IllegalArgumentException("must be the cursor of an entry, was '" + text + "'");
            }
            long micros = Long.parseLong(form.group(1));
            Instant at = Instant.ofEpochSecond(micros / MICROS, micros % MICROS * 1_000);
            return new Cursor(at, Kind.valueOf(form.group(2)), Long.parseLong(form.group(3)));
        }

        @Override
        public String toString() {
            return (at.getEpochSecond() * MICROS + at.getNano() / 1_000) + "-" + kind + "-" + number;
        }
    }

    /**
     * What it was before or after.
     *
     * @param percentage null if there was no flag, or it is of no matter
     * @param enabled of the flag; null for a step
     * @param state of the rollout; null for a change of the flag
     * @param phase of the rollout
     */
    public record Situation(
            @Nullable Percentage percentage,
            @Nullable Boolean enabled,
            @Nullable String state,
            @Nullable String phase) {}

    /**
     * One entry.
     *
     * @param what the step; null for a change of the flag
     * @param databaseUser who was logged in; null for a step
     * @param from null if there was nothing
     * @param to null if there is nothing
     */
    public record Entry(
            Cursor cursor,
            @Nullable Long epoch,
            Instant at,
            String actor,
            boolean verified,
            String reason,
            @Nullable String databaseUser,
            @Nullable String what,
            @Nullable String rollout,
            @Nullable String verdict,
            @Nullable String detail,
            @Nullable Situation from,
            @Nullable Situation to) {}

    /**
     * One page, newest first.
     *
     * @param before only what is older than this entry; empty: from the newest on
     * @throws UnavailableException if Postgres is away
     */
    public List<Entry> page(Workload workload, Optional<Cursor> before, int limit) {
        Cursor end = before.orElse(new Cursor(Instant.parse("9999-01-01T00:00:00Z"), Kind.ROLLOUT, Long.MAX_VALUE));
        try {
            return JdbcClient.create(connections)
                    .sql(SQL)
                    .param("feature", catalog.of(workload).feature())
                    .param("workload", workload.name())
                    .param("at", end.at().atOffset(ZoneOffset.UTC))
                    .param("kind", end.kind().name())
                    .param("number", end.number())
                    .param("limit", limit)
                    .query((row, n) -> entry(row))
                    .list();
        } catch (DataAccessException e) {
            throw new UnavailableException("the history of " + workload + " cannot be read", AWAY, e);
        }
    }

    private static Entry entry(ResultSet row) throws SQLException {
        Instant at = row.getObject("at", OffsetDateTime.class).toInstant();
        return new Entry(
                new Cursor(at, Kind.valueOf(row.getString("kind")), row.getLong("number")),
                row.getObject("epoch", Long.class),
                at,
                row.getString("actor"),
                row.getBoolean("verified"),
                row.getString("reason"),
                row.getString("database_user"),
                row.getString("what"),
                row.getString("rollout"),
                row.getString("verdict"),
                row.getString("detail"),
                situation(row, "from"),
                situation(row, "to"));
    }

    private static @Nullable Situation situation(ResultSet row, String end) throws SQLException {
        Integer points = row.getObject(end + "_points", Integer.class);
        String state = row.getString(end + "_state");
        return points == null && state == null
                ? null
                : new Situation(
                        points == null ? null : new Percentage(points),
                        row.getObject(end + "_enabled", Boolean.class),
                        state,
                        row.getString(end + "_phase"));
    }
}
