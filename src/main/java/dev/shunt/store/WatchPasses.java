package dev.shunt.store;

import dev.shunt.core.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import javax.sql.DataSource;

/**
 * When the mechanisms of the comparator came to their end last, on whichever instance. By the database's time, so that
 * every instance can tell, also one that only stands by.
 */
public final class WatchPasses {

    private final Reads reads;

    public WatchPasses(DataSource database) {
        this.reads = new Reads(database);
    }

    /** A mechanism that looks again and again. */
    public enum Pass {
        /** Stored items against their input, summaries against rows. */
        CHECK,
        /** Accepted items against everything that may hold them. */
        CONSERVATION
    }

    /**
     * Notes that one came to its end without a failure.
     *
     * @param good how long that is worth something
     * @throws dev.shunt.core.UnavailableException if Postgres does not take it
     */
    public void passed(Workload workload, Pass pass, Duration good) {
        reads.ask(
                "noting that a check of " + workload + " came to its end",
                jdbc -> jdbc.sql("""
                        insert into watch_pass (workload, pass, passed_at, good_until)
                        values (:workload, :pass, clock_timestamp(), clock_timestamp() + :good * interval '1 ms')
                        on conflict (workload, pass) do update set
                            passed_at = excluded.passed_at, good_until = excluded.good_until
                        """)
                        .param("workload", workload.name())
                        .param("pass", pass.name())
                        .param("good", good.toMillis())
                        .update());
    }

    /** @param fresh whether that is still worth something */
    public record Last(Instant at, boolean fresh) {}

    /** Those that ever came to their end. */
    public Map<Pass, Last> last(Workload workload) {
        Map<Pass, Last> last = new EnumMap<>(Pass.class);
        reads.ask(
                        "reading when checks of " + workload + " came to their end",
                        jdbc -> jdbc.sql("""
                                select pass, passed_at, good_until > clock_timestamp() as fresh from watch_pass
                                where workload = :workload
                                """)
                                .param("workload", workload.name())
                                .query((row, number) -> Map.entry(
                                        Pass.valueOf(row.getString("pass")),
                                        new Last(Reads.time(row, "passed_at"), row.getBoolean("fresh"))))
                                .list())
                .forEach(each -> last.put(each.getKey(), each.getValue()));
        return last;
    }
}
