package dev.shunt.comparison.gates;

import dev.shunt.comparison.GateMode;
import dev.shunt.comparison.GateQuestion;
import dev.shunt.comparison.GateSpec;
import dev.shunt.comparison.Verdict;
import dev.shunt.core.Epoch;
import dev.shunt.core.Percentage;
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
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How long a look takes with 10^6 items in the rollout. No part of the suite. */
class GatesSize {

    private static final Workload TRACE = new Workload("trace");
    private static final int ROWS = Integer.getInteger("shunt.size.rows", 1_000_000);
    private final DataSource database = TestBackends.migratedDatabase();
    private final JdbcClient sql = JdbcClient.create(database);

    @Test
    void a_look_costs_what_is_new() {
        Instant start = Instant.now().minusSeconds(7_200);
        fill("a", ROWS, start, 7_000.0 / ROWS);
        sql.sql("vacuum analyze ledger").update();
        var gates = new LedgerGates(
                new GateReads(database),
                new GateDoubts(database),
                new WatchPasses(database),
                new LedgerReports(database),
                new GateRecords(database),
                new VerdictBook(new GateRecords(database)),
                new WorkloadCatalog(Map.of(
                        TRACE,
                        new WorkloadSettings("cognobserve:traces", "cognobserve:dlq", "f", "trace", "shunt-trace"))),
                GateSettings.DEFAULTS,
                false,
                () -> true,
                Clock.systemUTC());
        List<GateSpec> specs = GateSpec.KNOWN.keySet().stream()
                .sorted(Comparator.naturalOrder())
                .map(name -> GateSpec.of(name, GateMode.OBSERVE))
                .toList();
        var question = new GateQuestion(
                TRACE, "size", start, "10 %", start, new Percentage(1_000), Percentage.ZERO, new Epoch(7), 50, specs);
        long from = System.nanoTime();
        int looks = 0;
        Verdict verdict;
        do {
            verdict = gates.evaluate(question);
            looks++;
        } while (verdict.findings().getFirst().words().contains("still being read"));
        System.out.printf(
                "| all %,d items, read by a new instance | %.1f s in %d looks |%n",
                ROWS, (System.nanoTime() - from) / 1e9, looks);
        long[] micros = new long[40];
        for (int i = 0; i < micros.length; i++) {
            fill("b" + i + "-", 200, Instant.now().minusMillis(200), 0.001);
            long before = System.nanoTime();
            verdict = gates.evaluate(question);
            micros[i] = (System.nanoTime() - before) / 1_000;
        }
        Arrays.sort(micros);
        System.out.printf(
                "| a look with 200 new items, nine gates | median %.1f ms, longest %.1f ms |%n",
                micros[20] / 1e3, micros[39] / 1e3);
        verdict.findings()
                .forEach(finding -> System.out.println("| " + finding.gate() + ": " + finding.words() + " | |"));
    }

    private void fill(String prefix, int count, Instant at, double seconds) {
        sql.sql("""
                insert into ledger (accepted_on, workload, item_key, project_id, subject, state, way_in, decided_route,
                    executed_route, reason, bucket, basis_points, epoch, accepted_at, committed_at, attempts, changed_at,
                    checked_at)
                select (t at time zone 'UTC')::date, 'trace', 'p:' || :prefix || i, 'p', :prefix || i, 'DONE', 'HTTP',
                    case when b < 1000 then 'TEMPORAL' else 'LEGACY' end,
                    case when b < 1000 then 'TEMPORAL' else 'LEGACY' end, 'FLAG', b, 1000, 7, t,
                    t + (5 + random() * 20) * interval '1 ms', 1, t, t
                from (select i, :at::timestamptz + i * :seconds * interval '1 second' as t,
                    floor(random() * 10000)::integer as b from generate_series(1, :count) i) g
                """)
                .param("prefix", prefix)
                .param("at", at.atOffset(ZoneOffset.UTC))
                .param("seconds", seconds)
                .param("count", count)
                .update();
    }
}
