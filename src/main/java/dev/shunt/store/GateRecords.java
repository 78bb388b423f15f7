package dev.shunt.store;

import dev.shunt.core.WayIn;
import dev.shunt.core.Workload;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Keeps what gates said and what they go on from. JSON comes and goes as text: what it means is the gates' business. */
public final class GateRecords {

    private final Reads reads;

    public GateRecords(DataSource database) {
        this.reads = new Reads(database);
    }

    /**
     * A verdict as it is kept.
     *
     * @param decisive whether a decision rests on it
     * @param findings JSON
     */
    public record Kept(
            String id,
            Workload workload,
            String rollout,
            String phase,
            long epoch,
            Instant at,
            String outcome,
            boolean decisive,
            String findings) {}

    /** Once under its id; a second time only makes it decisive. */
    public void keep(Kept verdict) {
        reads.ask(
                "keeping a verdict on " + verdict.workload(),
                jdbc -> jdbc.sql("""
                        insert into gate_verdict as v
                            (id, workload, rollout, phase, epoch, at, outcome, decisive, findings)
                        values (:id, :workload, :rollout, :phase, :epoch, :at, :outcome, :decisive, :findings::jsonb)
                        on conflict (id) do update set decisive = v.decisive or excluded.decisive
                        """)
                        .param("id", verdict.id())
                        .param("workload", verdict.workload().name())
                        .param("rollout", verdict.rollout())
                        .param("phase", verdict.phase())
                        .param("epoch", verdict.epoch())
                        .param("at", Reads.utc(verdict.at()))
                        .param("outcome", verdict.outcome())
                        .param("decisive", verdict.decisive())
                        .param("findings", verdict.findings())
                        .update());
    }

    public Optional<Kept> find(String id) {
        return reads.ask(
                "reading verdict " + id,
                jdbc -> one(
                        jdbc.sql("select * from gate_verdict where id = :id").param("id", id)));
    }

    public Optional<Kept> latest(String rollout) {
        return reads.ask(
                "reading the newest verdict of rollout " + rollout,
                jdbc -> one(jdbc.sql("select * from gate_verdict where rollout = :rollout order by at desc limit 1")
                        .param("rollout", rollout)));
    }

    private static Optional<Kept> one(JdbcClient.StatementSpec select) {
        return select.query((row, number) -> kept(row)).optional();
    }

    private static Kept kept(ResultSet row) throws SQLException {
        return new Kept(
                row.getString("id"),
                new Workload(row.getString("workload")),
                row.getString("rollout"),
                row.getString("phase"),
                row.getLong("epoch"),
                Reads.time(row, "at"),
                row.getString("outcome"),
                row.getBoolean("decisive"),
                row.getString("findings"));
    }

    /** What was frozen for a phase. */
    public Optional<String> baseline(String rollout, String phase, WayIn wayIn) {
        return reads.ask(
                "reading a baseline of rollout " + rollout,
                jdbc -> jdbc.sql("""
                        select baseline::text from gate_baseline
                        where rollout = :rollout and phase = :phase and way_in = :wayIn
                        """)
                        .param("rollout", rollout)
                        .param("phase", phase)
                        .param("wayIn", wayIn.name())
                        .query(String.class)
                        .optional());
    }

    /** Freezes it, unless another instance has: what that froze stays. */
    public void freeze(String rollout, String phase, WayIn wayIn, String baseline) {
        reads.ask(
                "freezing a baseline of rollout " + rollout,
                jdbc -> jdbc.sql("""
                        insert into gate_baseline (rollout, phase, way_in, baseline)
                        values (:rollout, :phase, :wayIn, :baseline::jsonb) on conflict do nothing
                        """)
                        .param("rollout", rollout)
                        .param("phase", phase)
                        .param("wayIn", wayIn.name())
                        .param("baseline", baseline)
                        .update());
    }

    /**
     * What was counted of a rollout when it was last kept; empty if nothing was, or only what is known already.
     *
     * @param known the cursor of what is known; null: nothing is
     */
    public Optional<String> evidence(String rollout, @Nullable Instant known) {
        return reads.ask(
                "reading the evidence of rollout " + rollout,
                jdbc -> jdbc.sql("""
                        select evidence::text from gate_evidence
                        where rollout = :rollout and evidence ->> 'cursor' is distinct from cast(:known as text)
                        """)
                        .param("rollout", rollout)
                        .param("known", text(known))
                        .query(String.class)
                        .optional());
    }

    /**
     * Keeps it in the place of what it goes on from, and of nothing else.
     *
     * @param known the cursor of what it goes on from; null: nothing was kept before
     * @param evidence says as its {@code cursor} how far it goes
     * @return false if another was kept meanwhile: nothing was changed
     */
    public boolean keepEvidence(Workload workload, String rollout, @Nullable Instant known, String evidence) {
        return reads.ask(
                        "keeping the evidence of rollout " + rollout,
                        jdbc -> jdbc.sql("""
                        insert into gate_evidence as e (rollout, workload, evidence)
                        values (:rollout, :workload, :evidence::jsonb)
                        on conflict (rollout) do update set evidence = excluded.evidence, kept_at = clock_timestamp()
                        where e.evidence ->> 'cursor' = cast(:known as text)
                        """)
                                .param("rollout", rollout)
                                .param("workload", workload.name())
                                .param("evidence", evidence)
                                .param("known", text(known))
                                .update())
                == 1;
    }

    private static @Nullable String text(@Nullable Instant cursor) {
        return cursor == null ? null : cursor.toString();
    }
}
