package dev.shunt.comparison.gates;

import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.core.WorkloadSettings;
import dev.shunt.embedded.TestBackends;
import dev.shunt.store.GateDoubts;
import dev.shunt.store.GateReads;
import dev.shunt.store.GateRecords;
import dev.shunt.store.LedgerReports;
import dev.shunt.store.WatchPasses;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A ledger, and instances whose gates look at it. Their clock stands still unless it is put forward. */
final class GateLedger {

    static final Workload TRACE = new Workload("trace");

    final DataSource database = TestBackends.migratedDatabase();
    final JdbcClient sql = JdbcClient.create(database);
    final GateRecords records = new GateRecords(database);
    /** What the instances take for now; the database has its own clock. */
    Instant time = Instant.EPOCH;

    private final Clock clock = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(@Nullable ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return time;
        }
    };

    void empty() {
        sql.sql("truncate ledger, gate_verdict, gate_evidence, gate_baseline, open_mark, divergence, watch_pass")
                .update();
    }

    /** An instance. */
    LedgerGates gates(BooleanSupplier leads) {
        return gates("trace", leads);
    }

    /** @param routingKey trace, session, user or project */
    LedgerGates gates(String routingKey, BooleanSupplier leads) {
        return gates(routingKey, leads, GateSettings.DEFAULTS);
    }

    LedgerGates gates(String routingKey, BooleanSupplier leads, GateSettings gates) {
        var settings = new WorkloadSettings("cognobserve:traces", "cognobserve:dlq", "f", routingKey, "shunt-trace");
        return new LedgerGates(
                new GateReads(database),
                new GateDoubts(database),
                new WatchPasses(database),
                new LedgerReports(database),
                records,
                new VerdictBook(records),
                new WorkloadCatalog(Map.of(TRACE, settings)),
                gates,
                false,
                leads,
                clock);
    }

    /** @return what is kept of a rollout */
    Facts kept(String rollout) {
        return new Facts(GateJson.read(records.evidence(rollout, null).orElseThrow()));
    }

    /** As many items, each of its own key, settled and accepted just now. */
    void rows(String prefix, int count, String state, int bucket, int basisPoints, Instant start) {
        for (int i = 0; i < count; i++) {
            row(prefix + i, prefix + i, state, bucket, basisPoints, 0, 0, start);
        }
    }

    /**
     * @param ago seconds since it was stored or died
     * @param took seconds from acceptance to that, or to now
     * @param start none is accepted before
     */
    void row(String item, String subject, String state, int bucket, int basisPoints, int ago, int took, Instant start) {
        sql.sql("""
                insert into ledger (accepted_on, workload, item_key, project_id, subject, state, way_in, decided_route,
                    executed_route, reason, bucket, basis_points, epoch, accepted_at, committed_at, attempts, changed_at)
                select (accepted at time zone 'UTC')::date, 'trace', 'p:' || :item, 'p', :subject, :state, 'HTTP',
                    :route, :route, 'FLAG', :bucket, :basisPoints, 7, accepted,
                    case when :state = 'DONE' then settled end, 1, settled
                from (select settled, greatest(settled - :took * interval '1 s', :start::timestamptz) as accepted
                    from (select clock_timestamp() - :ago * interval '1 s' as settled) s) t
                """)
                .param("item", item)
                .param("subject", subject)
                .param("state", state)
                .param("route", bucket < basisPoints ? "TEMPORAL" : "LEGACY")
                .param("bucket", bucket)
                .param("basisPoints", basisPoints)
                .param("ago", ago)
                .param("took", took)
                .param("start", start.atOffset(ZoneOffset.UTC))
                .update();
    }
}
