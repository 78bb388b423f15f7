package dev.shunt.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.core.Item;
import dev.shunt.core.Route;
import dev.shunt.workloads.trace.TestTraces;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A second run that does not end in its time. */
class LateShadowTest {

    @Test
    void what_is_late_is_called_off_and_counts_as_timed_out_and_as_no_difference() {
        try (var rig = new ComparisonRig();
                var pairs = new PairRig(rig.database, rig.traces)) {
            rig.sql
                    .sql("create function shunt_shadow.hang() returns trigger language plpgsql as"
                            + " $$ begin perform pg_sleep(3); return new; end $$")
                    .update();
            rig.sql
                    .sql("create trigger hangs before insert on shunt_shadow.trace for each row"
                            + " execute function shunt_shadow.hang()")
                    .update();
            List<Item> items = IntStream.range(0, 5)
                    .mapToObj(i -> TestTraces.item("t" + i, rig.start))
                    .toList();

            pairs.run(Route.LEGACY, items, Duration.ofMillis(200));

            assertThat(pairs.report()).satisfies(report -> {
                assertThat(report.sampled()).isEqualTo(5);
                assertThat(report.timedOut()).isEqualTo(5);
                assertThat(report.compared()).isZero();
            });
            assertThat(rig.list()).isEmpty();
            assertThat(rig.sql
                            .sql("select count(*) from ledger where state = 'DONE'")
                            .query(Long.class)
                            .single())
                    .isEqualTo(5);
        }
    }
}
