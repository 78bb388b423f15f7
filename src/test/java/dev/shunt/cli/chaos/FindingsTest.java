package dev.shunt.cli.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.cli.CostRow;
import dev.shunt.cli.CostSheet;
import dev.shunt.cli.DemoTrace;
import dev.shunt.cli.Phase;
import dev.shunt.cli.PriceList;
import dev.shunt.cli.Recordings;
import dev.shunt.cli.StoreAudit.LedgerRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An audit that cannot find fault proves nothing: each kind of damage, done to a store that was right. */
class FindingsTest {

    private final ChaosBook book = new ChaosBook();
    private final List<LedgerRow> ledger = new ArrayList<>();
    private final Map<String, Set<String>> spans = new HashMap<>();
    private final CostSheet costs = new CostSheet(PriceList.published());
    private final List<Findings.DeadLetter> dead = new ArrayList<>();
    private DemoTrace first = next(Recordings.published(7));

    @BeforeEach
    void store_ten_traces() {
        Recordings recordings = Recordings.published(7);
        for (int i = 0; i < 10; i++) {
            DemoTrace trace = next(recordings);
            first = i == 0 ? trace : first;
            book.sending(trace);
            book.accepted(trace);
            store(trace);
        }
    }

    @Test
    void a_store_that_holds_what_was_sent_is_well() {
        Findings found = findings(costs.rows());
        assertThat(found.details()).isEmpty();
        assertThat(found.allWell()).isTrue();
        assertThat(found.stored()).isEqualTo(10);
    }

    @Test
    void an_accepted_trace_that_is_not_there_is_lost() {
        spans.remove(first.id());
        Findings found = findings(costs.rows());
        assertThat(found.lost()).isOne();
        assertThat(found.missing()).containsExactly(first);
    }

    @Test
    void an_accepted_trace_without_its_ledger_row_is_lost() {
        ledger.removeIf(row -> row.traceId().equals(first.id()));
        assertThat(findings(costs.rows()).lost()).isOne();
    }

    @Test
    void a_second_ledger_row_for_one_body_is_twice() {
        ledger.add(row(first));
        assertThat(findings(costs.rows()).twice()).isOne();
    }

    @Test
    void a_trace_that_nobody_sent_is_twice() {
        spans.put("of nobody", Set.of());
        assertThat(findings(costs.rows()).twice()).isOne();
    }

    @Test
    void a_span_that_was_added_to_the_sums_again_is_seen() {
        Map<String, CostRow> added = new HashMap<>(costs.rows());
        added.replaceAll((name, row) -> row.plus(row));
        assertThat(findings(added).sums()).isEqualTo(added.size()).isPositive();
    }

    @Test
    void an_unanswered_trace_may_be_stored_or_not_and_counts_in_the_sums_only_if_it_is() {
        Recordings others = Recordings.published(8);
        DemoTrace away = next(others);
        DemoTrace there = next(others);
        book.sending(away);
        book.sending(there);
        store(there);
        assertThat(findings(costs.rows()).allWell()).isTrue();
    }

    @Test
    void only_poison_may_be_dead_and_all_of_it_must_be() {
        book.poisoned("poison".getBytes(UTF_8));
        dead.add(new Findings.DeadLetter(first.queueMessage("p"), "KILLS_CONSUMER"));
        Findings found = findings(costs.rows());
        assertThat(found.dead()).isOne();
        assertThat(found.lost()).isOne();
    }

    private Findings findings(Map<String, CostRow> summary) {
        return Findings.of(book, new Findings.Store(ledger, spans, summary, dead, List.of()));
    }

    private void store(DemoTrace trace) {
        ledger.add(row(trace));
        Set<String> ids = new HashSet<>();
        trace.request()
                .path("spans")
                .forEach(span -> ids.add(span.path("span_id").asString("")));
        spans.put(trace.id(), ids);
        costs.add(trace);
    }

    private static LedgerRow row(DemoTrace trace) {
        return new LedgerRow(trace.id(), "LEGACY", "FLAG", "DONE", "HTTP", 1);
    }

    private static DemoTrace next(Recordings recordings) {
        return recordings.next(new Phase("test", 0, false), DemoTrace.Way.HTTP, Instant.parse("2026-11-21T12:00:00Z"));
    }
}
