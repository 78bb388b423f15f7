package dev.shunt.comparison;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.shunt.comparison.DivergenceLog.Entry;
import dev.shunt.core.Divergence.Kind;
import dev.shunt.core.Item;
import dev.shunt.core.MessageCodec.Reading;
import dev.shunt.core.Route;
import dev.shunt.workloads.trace.TestTraces;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What differs between any two runs that agree: generated ids, the server's times, order of keys, scale of numbers. */
class NeverFlaggedTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ComparisonRig rig = new ComparisonRig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void generated_ids_server_times_key_order_and_numeric_scale_are_no_divergence_of_reconciliation() {
        rig.traces.storeAll(
                Route.LEGACY, List.of(item("a", "{\"z\":1,\"a\":0.10}"), item("b", "{\"a\":0.10,\"z\":1}")));
        rig.plant("update trace set stored_at = stored_at + interval '1 hour', metadata = '{\"z\": 1.00, \"a\": 0.1}'");
        rig.plant("update span set stored_at = stored_at + interval '1 hour', price_id = price_id + 1000,"
                + " input_cost = input_cost * 1.0000, output_cost = output_cost * 1.0000,"
                + " total_cost = total_cost * 1.0000, input = '{\"q\": 12345678901234567890.000}'");
        rig.plant("update session set created_at = created_at + interval '1 hour', updated_at = now()");
        rig.plant("update tracked_user set first_seen_at = now() - interval '1 day', last_seen_at = now()");
        rig.plant("update daily_cost_summary set total_cost = total_cost * 1.0000, input_cost = input_cost * 1.0000");

        rig.check.run();

        assertThat(rig.list()).isEmpty();
        assertThat(rig.check.status().backlog()).isZero();

        rig.plant("update span set total_cost = total_cost + 0.0000001 where trace_id = 'a' and id = 's1'");
        rig.check.run();
        assertThat(rig.list()).filteredOn(entry -> entry.kind() == Kind.VALUE).hasSize(1);
    }

    @Test
    void generated_ids_server_times_key_order_and_numeric_scale_are_no_divergence_of_pairs() {
        try (var pairs = new PairRig(rig.database, rig.traces)) {
            inPrivate("trace", """
                    new.stored_at := new.stored_at + interval '1 hour';
                    new.metadata := '{"z": 1.00, "a": 0.1}';
                    """);
            inPrivate("span", """
                    new.stored_at := new.stored_at + interval '1 hour'; new.price_id := new.price_id + 1000;
                    new.input_cost := new.input_cost * 1.0000; new.total_cost := new.total_cost * 1.0000;
                    new.input := '{"q": 12345678901234567890.000}';
                    """);
            inPrivate("session", "new.created_at := new.created_at + interval '1 hour'; new.updated_at := now();");
            inPrivate("tracked_user", "new.first_seen_at := new.first_seen_at + interval '1 hour';");
            inPrivate("daily_cost_summary", "new.total_cost := new.total_cost * 1.0000;");
            pairs.run(
                    Route.LEGACY,
                    List.of(item("a", "{\"z\":1,\"a\":0.10}"), item("b", "{\"a\":0.10,\"z\":1}")),
                    PATIENCE);
            pairs.run(Route.TEMPORAL, List.of(item("c", "{\"z\":1,\"a\":0.10}")), PATIENCE);

            assertThat(rig.list()).isEmpty();
            assertThat(pairs.report()).satisfies(report -> {
                assertThat(report.compared()).isEqualTo(3);
                assertThat(report.equal()).isEqualTo(3);
            });

            rig.sql.sql("drop trigger otherwise on shunt_shadow.span").update();
            inPrivate("span", "new.total_cost := new.total_cost + 0.0000001 * (new.id = 's1')::int;");
            pairs.run(Route.LEGACY, List.of(item("d", "{\"z\":1,\"a\":0.10}")), PATIENCE);
            assertThat(rig.list())
                    .extracting(Entry::kind, Entry::path)
                    .contains(tuple(Kind.VALUE, "spans[s1].total_cost"))
                    .doesNotContain(tuple(Kind.VALUE, "spans[s2].total_cost"));
        }
    }

    /** What every second run's row goes through. */
    private void inPrivate(String table, String change) {
        rig.sql
                .sql("create or replace function shunt_shadow.otherwise_" + table
                        + "() returns trigger language plpgsql as $$ begin " + change + " return new; end $$")
                .update();
        rig.sql
                .sql("create trigger otherwise before insert on shunt_shadow." + table
                        + " for each row execute function shunt_shadow.otherwise_" + table + "()")
                .update();
    }

    private Item item(String trace, String metadata) {
        String message = new String(TestTraces.item(trace, rig.start).message(), UTF_8)
                .replace("{\"n\":0.10}", metadata)
                .replace("\"UserID\":null,\"User\":null", "\"UserID\":\"u\",\"User\":{\"Name\":\"Ann\"}");
        if (TestTraces.codec().read(message.getBytes(UTF_8), rig.start) instanceof Reading.Read read) {
            return read.item();
        }
        throw new IllegalStateException("not a trace: " + message);
    }
}
