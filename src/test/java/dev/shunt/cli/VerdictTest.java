package dev.shunt.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class VerdictTest {

    private static final Phase PHASE = Phase.PLAN.getFirst();

    private final Book book = new Book();

    VerdictTest() {
        DemoTrace trace = new DemoTrace(
                PHASE,
                DemoTrace.Way.HTTP,
                "t",
                (ObjectNode) Recordings.JSON.readTree("{\"spans\":[{\"span_id\":\"a\"},{\"span_id\":\"b\"}]}"),
                Instant.EPOCH);
        book.sending(trace);
        book.accepted(trace);
    }

    @Test
    void what_is_stored_whole_and_once_is_well() {
        Verdict verdict = verdict(List.of(done()), Map.of("t", Set.of("a", "b")));

        assertThat(verdict.nothingLost()).isTrue();
        assertThat(verdict.nothingTwice()).isTrue();
    }

    @Test
    void a_missing_trace_a_missing_span_and_an_open_item_are_lost() {
        assertThat(verdict(List.of(done()), Map.of()).nothingLost()).isFalse();
        assertThat(verdict(List.of(done()), Map.of("t", Set.of("a"))).nothingLost())
                .isFalse();
        assertThat(verdict(List.of(row("OPEN")), Map.of("t", Set.of("a", "b"))).nothingLost())
                .isFalse();
    }

    @Test
    void a_second_ledger_row_an_unknown_span_and_an_unknown_trace_are_twice() {
        var stored = Map.of("t", Set.of("a", "b"));

        assertThat(verdict(List.of(done(), done()), stored).nothingTwice()).isFalse();
        assertThat(verdict(List.of(done()), Map.of("t", Set.of("a", "b", "c"))).nothingTwice())
                .isFalse();
        assertThat(verdict(List.of(done()), Map.of("t", Set.of("a", "b"), "u", Set.of()))
                        .nothingTwice())
                .isFalse();
    }

    @Test
    void a_summary_row_that_is_off_or_there_alone_is_a_difference() {
        var expected = new TreeMap<>(Map.of("2026-11-21 m", CostRow.empty("2026-11-21", "m")));
        var off = new CostRow(
                "2026-11-21",
                "m",
                1,
                0,
                0,
                0,
                0,
                CostRow.empty("", "").inputCost(),
                CostRow.empty("", "").inputCost(),
                CostRow.empty("", "").inputCost());

        assertThat(Verdict.of(book, List.of(PHASE), List.of(), Map.of(), expected, Map.of("2026-11-21 m", off))
                        .differences())
                .hasSize(1);
        assertThat(Verdict.of(book, List.of(PHASE), List.of(), Map.of(), Map.of(), Map.of("2026-11-21 m", off))
                        .differences())
                .hasSize(1);
    }

    private Verdict verdict(List<StoreAudit.LedgerRow> ledger, Map<String, Set<String>> spans) {
        return Verdict.of(book, List.of(PHASE), ledger, spans, Map.of(), Map.of());
    }

    private static StoreAudit.LedgerRow done() {
        return row("DONE");
    }

    private static StoreAudit.LedgerRow row(String state) {
        return new StoreAudit.LedgerRow("t", "LEGACY", "FLAG", state, "HTTP", 3.5);
    }
}
