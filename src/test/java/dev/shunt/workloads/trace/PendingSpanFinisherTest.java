package dev.shunt.workloads.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.core.Delivery;
import dev.shunt.core.Item;
import dev.shunt.embedded.TestBackends;
import dev.shunt.store.TestLanes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class PendingSpanFinisherTest {

    private final DataSource database = TestBackends.migratedDatabase();
    private final JdbcClient sql = JdbcClient.create(database);

    @Test
    void an_item_that_cannot_be_finished_holds_up_no_other_and_is_counted() {
        new PriceList(database).load();
        try (var lane = TestLanes.open("legacy", database, new TraceStatement(true))) {
            new TraceHandler(lane)
                    .handle(Stream.of("a", "b", "c")
                            .map(PendingSpanFinisherTest::delivery)
                            .toList());
        }
        sql.sql("""
                create function fail_a() returns trigger language plpgsql as $$
                begin
                    if new.trace_id = 'a' then raise exception 'overflow' using errcode = '22003'; end if;
                    return new;
                end $$;
                create trigger fail_a before update on span for each row execute function fail_a()
                """).update();
        var meters = new SimpleMeterRegistry();
        var finisher = new PendingSpanFinisher(new PendingSpans(TraceWorkload.TRACE, database), meters);

        assertThat(finisher.finish(Duration.ZERO)).isEqualTo(2);
        assertThat(unfinished()).containsExactly("a");
        assertThat(meters.counter("shunt.pending.failures").count()).isOne();

        sql.sql("drop trigger fail_a on span").update();
        assertThat(finisher.finish(Duration.ZERO)).isOne();
        assertThat(unfinished()).isEmpty();
    }

    private List<String> unfinished() {
        return sql.sql("select distinct trace_id from span where not summarised")
                .query(String.class)
                .list();
    }

    private static Delivery delivery(String trace) {
        Item item = TestTraces.item(trace, Instant.parse("2026-11-21T12:00:00Z"));
        return Delivery.onLegacy(item.workload(), item.stamp(TestTraces.onLegacy(item)), item.message());
    }
}
