package dev.shunt.store;

import static dev.shunt.store.Reads.time;
import static dev.shunt.store.Reads.timeOrNull;
import static dev.shunt.store.Reads.utc;

import dev.shunt.core.Divergence.Kind;
import dev.shunt.core.Reconciliation;
import dev.shunt.core.Reconciliation.Order;
import dev.shunt.core.Reconciliation.Repair;
import dev.shunt.core.Reconciliation.State;
import dev.shunt.core.Workload;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Reconciliations, running and past. Of a workload one runs at a time, on whatever instance. A running one shows signs of
 * life; without one for {@link #SILENCE} it counts as interrupted.
 */
public final class ReconciliationRuns {

    /** Longer than any pause of a living instance, shorter than a person's patience. */
    static final Duration SILENCE = Duration.ofSeconds(30);

    private static final Duration DRY_RUN_HOLDS = Duration.ofHours(1);
    private static final int SHOWN = 200;

    private final Reads reads;

    public ReconciliationRuns(DataSource database) {
        this.reads = new Reads(database);
    }

    /** @return empty if one is running already */
    public Optional<Reconciliation> begin(Order order, String instance) {
        endSilent();
        return reads.ask(
                        "beginning a reconciliation of " + order.workload(),
                        jdbc -> jdbc.sql("""
                                insert into reconciliation (workload, window_from, window_until, repair, state, scheduled,
                                    ordered_by, instance, step)
                                values (:workload, :from, :until, :repair, 'RUNNING', :scheduled, :by, :instance, 'begin')
                                on conflict (workload) where state = 'RUNNING' do nothing
                                returning id
                                """)
                                .param("workload", order.workload().name())
                                .param("from", utc(order.from()))
                                .param("until", utc(order.until()))
                                .param("repair", order.repair().name())
                                .param("scheduled", order.scheduled())
                                .param("by", order.by())
                                .param("instance", instance)
                                .query(Long.class)
                                .optional())
                .flatMap(this::find);
    }

    /**
     * A sign of life, with how far it has come.
     *
     * @return false if it does not count as running any more
     */
    public boolean alive(long id, String step, long items, long verified, Map<Kind, Long> findings) {
        return reads.ask(
                        "noting the progress of reconciliation " + id,
                        jdbc -> jdbc.sql("""
                                update reconciliation set step = :step, items = :items, verified = :verified,
                                    findings = :findings::jsonb, alive_at = clock_timestamp()
                                where id = :id and state = 'RUNNING'
                                """)
                                .param("id", id)
                                .param("step", step)
                                .param("items", items)
                                .param("verified", verified)
                                .param("findings", json(findings))
                                .update())
                == 1;
    }

    /** Ends a running one; of one that ended already nothing changes. */
    public void end(long id, State state, @Nullable String failure) {
        reads.ask(
                "ending reconciliation " + id,
                jdbc -> jdbc.sql("""
                        update reconciliation set state = :state, failure = :failure, ended_at = clock_timestamp()
                        where id = :id and state = 'RUNNING'
                        """)
                        .param("id", id)
                        .param("state", state.name())
                        .param("failure", failure)
                        .update());
    }

    public Optional<Reconciliation> find(long id) {
        endSilent();
        return reads.ask(
                "reading reconciliation " + id,
                jdbc -> jdbc.sql("select * from reconciliation where id = :id")
                        .param("id", id)
                        .query(ReconciliationRuns::run)
                        .optional());
    }

    /** Newest first, at most 200. */
    public List<Reconciliation> list(@Nullable Workload workload) {
        endSilent();
        return reads.ask(
                "reading reconciliations",
                jdbc -> jdbc.sql("""
                        select * from reconciliation where :workload::text is null or workload = :workload
                        order by id desc limit :limit
                        """)
                        .param("workload", workload == null ? null : workload.name())
                        .param("limit", SHOWN)
                        .query(ReconciliationRuns::run)
                        .list());
    }

    /** The newest finished dry run of the last hour: its window may be repaired. */
    public Optional<Reconciliation> repairable(Workload workload) {
        return dryRun(workload, null, null);
    }

    /** Whether a dry run of this very window was finished within the last hour. */
    public boolean repairable(Workload workload, Instant from, Instant until) {
        return dryRun(workload, from, until).isPresent();
    }

    private Optional<Reconciliation> dryRun(Workload workload, @Nullable Instant from, @Nullable Instant until) {
        return reads.ask(
                "looking for a dry run of " + workload,
                jdbc -> jdbc.sql("""
                        select * from reconciliation
                        where workload = :workload and repair = 'DRY_RUN' and state = 'DONE'
                          and ended_at > clock_timestamp() - make_interval(secs => :holds)
                          and (:from::timestamptz is null or window_from = :from)
                          and (:until::timestamptz is null or window_until = :until)
                        order by id desc limit 1
                        """)
                        .param("workload", workload.name())
                        .param("holds", DRY_RUN_HOLDS.toSeconds())
                        .param("from", from == null ? null : utc(from))
                        .param("until", until == null ? null : utc(until))
                        .query(ReconciliationRuns::run)
                        .optional());
    }

    /** Whether there are items from before {@code since}, and no scheduled run was begun after it. */
    public boolean due(Workload workload, Instant since) {
        return reads.ask(
                "looking for the last scheduled reconciliation of " + workload,
                jdbc -> jdbc.sql("""
                        select exists (select from ledger where workload = :workload and accepted_at < :since)
                           and not exists (select from reconciliation
                               where workload = :workload and scheduled and started_at > :since)
                        """)
                        .param("workload", workload.name())
                        .param("since", utc(since))
                        .query(Boolean.class)
                        .single());
    }

    private void endSilent() {
        reads.ask(
                "looking for reconciliations that died",
                jdbc -> jdbc.sql("""
                        update reconciliation set state = 'INTERRUPTED', ended_at = alive_at,
                            failure = 'no sign of life of instance ' || instance || ' since then'
                        where state = 'RUNNING' and alive_at < clock_timestamp() - make_interval(secs => :silence)
                        """).param("silence", SILENCE.toSeconds()).update());
    }

    private static String json(Map<Kind, Long> findings) {
        return findings.entrySet().stream()
                .map(found -> "\"" + found.getKey() + "\":" + found.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static Map<Kind, Long> findings(String json) {
        Map<Kind, Long> findings = new EnumMap<>(Kind.class);
        for (String found : json.replaceAll("[{}\" ]", "").split(",")) {
            int colon = found.indexOf(':');
            if (colon > 0) {
                findings.put(Kind.valueOf(found.substring(0, colon)), Long.valueOf(found.substring(colon + 1)));
            }
        }
        return findings;
    }

    private static Reconciliation run(ResultSet row, int number) throws SQLException {
        return new Reconciliation(
                row.getLong("id"),
                new Workload(row.getString("workload")),
                time(row, "window_from"),
                time(row, "window_until"),
                Repair.valueOf(row.getString("repair")),
                State.valueOf(row.getString("state")),
                row.getBoolean("scheduled"),
                row.getString("ordered_by"),
                row.getString("instance"),
                row.getString("step"),
                row.getLong("items"),
                row.getLong("verified"),
                findings(row.getString("findings")),
                row.getString("failure"),
                time(row, "started_at"),
                timeOrNull(row, "ended_at"));
    }
}
