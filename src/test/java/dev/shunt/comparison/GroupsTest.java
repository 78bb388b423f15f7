package dev.shunt.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.shunt.comparison.DivergenceLog.Entry;
import dev.shunt.comparison.DivergenceLog.Hidden;
import dev.shunt.comparison.GroupReports.Basis;
import dev.shunt.comparison.GroupReports.Group;
import dev.shunt.core.Divergence;
import dev.shunt.core.Divergence.FoundBy;
import dev.shunt.core.Divergence.Kind;
import dev.shunt.core.Epoch;
import dev.shunt.core.GroupState;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Route;
import dev.shunt.core.Workload;
import dev.shunt.store.DivergenceGroups;
import dev.shunt.workloads.trace.TestTraces;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is said of divergences as a whole. */
class GroupsTest {

    private final ComparisonRig rig = new ComparisonRig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void a_group_says_how_many_of_the_verified_items_it_affects_and_how_many_it_may() {
        for (int i = 0; i < 20; i++) {
            rig.traces.store(TestTraces.item("t" + i, rig.start));
        }
        rig.plant("update span set level = 'ERROR' where trace_id = 't7' and id in ('s1', 's2')");
        rig.check.run();

        Group group = only("spans[].level");

        assertThat(group.count()).isEqualTo(2);
        assertThat(group.basis()).extracting(Basis::affected, Basis::compared).containsExactly(1L, 20L);
        assertThat(group.rate()).isEqualTo(0.05);
        // one in twenty: 1 - 0.95 of Beta(2, 19)
        assertThat(group.upperBound()).isCloseTo(0.21611, within(0.00001));
        assertThat(group.foundBy()).containsExactly(FoundBy.RECONCILIATION);
        assertThat(group.state()).isEqualTo(GroupState.NEW);
    }

    @Test
    void a_summary_is_no_item_and_has_no_rate() {
        rig.traces.store(TestTraces.item("t1", rig.start));
        rig.plant("update daily_cost_summary set spans = spans + 1 where model = 'gpt-4o'");
        rig.check.run();

        assertThat(only("summaries[].spans").rate()).isNull();
        assertThat(only("summaries[].spans").upperBound()).isNull();
    }

    @Test
    void what_only_shadows_found_is_measured_against_the_pairs_they_compared() {
        found(FoundBy.SHADOW, Kind.VALUE, "name", "a", "p:t1:0123456789abcdef");
        assertThat(only("name").rate()).as("nobody counts pairs").isNull();

        var pairs = new ComparedItems() {
            @Override
            public FoundBy by() {
                return FoundBy.SHADOW;
            }

            @Override
            public long compared(Workload workload, Instant from, Instant until) {
                return 200;
            }
        };
        var groups = new GroupReports(new DivergenceGroups(rig.database), rig.ledger, List.of(pairs), 3);
        assertThat(groups.groups(ComparisonRig.TRACE, rig.start.minusSeconds(60), later(), false, null, null))
                .singleElement()
                .satisfies(group -> assertThat(group.rate()).isEqualTo(0.005));
    }

    @Test
    void both_sides_of_a_divergence_are_told() {
        rig.divergences.record(
                ComparisonRig.TRACE,
                List.of(new Divergence(
                        FoundBy.SHADOW,
                        Kind.TYPE,
                        "metadata.n",
                        "1",
                        "\"1\"",
                        new ItemKey("p:t1:0123456789abcdef"),
                        Route.TEMPORAL,
                        new Epoch(7),
                        Route.LEGACY,
                        new Epoch(6))));

        Entry entry = rig.list().getFirst();

        assertThat(entry.foundBy()).isEqualTo(FoundBy.SHADOW);
        assertThat(entry.expectedRoute()).isEqualTo(Route.LEGACY);
        assertThat(entry.expectedEpoch()).isEqualTo(6);
        assertThat(rig.log.find(entry.id())).contains(entry);
        assertThat(rig.log.find(entry.id() + 1)).isEmpty();
    }

    @Test
    void a_person_judges_a_group_and_an_accepted_one_is_counted_all_the_same() {
        found(FoundBy.RECONCILIATION, Kind.VALUE, "name", "a", "p:t1:0123456789abcdef");
        assertThat(judge(GroupState.SEEN, "anna")).isNotNull();
        Group accepted = judge(GroupState.ACCEPTED, "ben");

        assertThat(accepted).isNotNull().satisfies(group -> {
            assertThat(group.state()).isEqualTo(GroupState.ACCEPTED);
            assertThat(group.stateBy()).isEqualTo("ben");
            assertThat(group.stateReason()).isEqualTo("because");
            assertThat(group.count()).isEqualTo(1);
        });
        assertThat(rig.list()).extracting(Entry::state).containsExactly(GroupState.ACCEPTED);
        assertThat(rig.sql
                        .sql("select judged_by from divergence_judgement order by id")
                        .query(String.class)
                        .list())
                .containsExactly("anna", "ben");
        assertThat(rig.groups.judge(
                        ComparisonRig.TRACE,
                        Kind.EXTRA,
                        "name",
                        GroupState.SEEN,
                        "anna",
                        "because",
                        rig.start,
                        later()))
                .as("no such group")
                .isNull();
    }

    @Test
    void a_fixed_group_that_is_seen_again_is_new_again_and_says_so() {
        found(FoundBy.RECONCILIATION, Kind.VALUE, "name", "a", "p:t1:0123456789abcdef");
        assertThat(judge(GroupState.FIXED, "anna")).isNotNull().satisfies(group -> {
            assertThat(group.state()).isEqualTo(GroupState.FIXED);
            assertThat(group.reopened()).isFalse();
        });

        found(FoundBy.RECONCILIATION, Kind.VALUE, "name", "a", "p:t2:0123456789abcdef");

        assertThat(only("name")).satisfies(group -> {
            assertThat(group.state()).isEqualTo(GroupState.NEW);
            assertThat(group.reopened()).isTrue();
            assertThat(group.stateBy()).isEqualTo("anna");
        });
        assertThat(rig.list()).extracting(Entry::state).containsOnly(GroupState.NEW);
        assertThat(judge(GroupState.FIXED, "anna"))
                .isNotNull()
                .satisfies(group -> assertThat(group.reopened()).isFalse());
    }

    @Test
    void a_group_was_first_seen_with_its_first_and_last_seen_with_its_last() {
        found(FoundBy.RECONCILIATION, Kind.VALUE, "name", "a", "p:t1:0123456789abcdef");
        rig.plant("update divergence set first_seen = '2026-11-20T10:00:00Z', last_seen = '2026-11-20T10:00:00Z'");
        found(FoundBy.RECONCILIATION, Kind.VALUE, "name", "a", "p:t2:0123456789abcdef");
        rig.plant("update divergence set first_seen = '2026-11-20T11:00:00Z', last_seen = '2026-11-20T12:00:00Z'"
                + " where item_key like 'p:t2:%'");

        assertThat(only("name")).satisfies(group -> {
            assertThat(group.firstSeen()).isEqualTo("2026-11-20T10:00:00Z");
            assertThat(group.lastSeen()).isEqualTo("2026-11-20T12:00:00Z");
            assertThat(group.seen()).isEqualTo(2);
        });

        found(FoundBy.RECONCILIATION, Kind.VALUE, "name", "b", "p:t1:0123456789abcdef");

        assertThat(only("name")).satisfies(group -> {
            assertThat(group.count()).isEqualTo(2);
            assertThat(group.seen()).isEqualTo(3);
            assertThat(group.firstSeen()).isEqualTo("2026-11-20T10:00:00Z");
            assertThat(group.lastSeen()).isBetween(rig.start.minusSeconds(60), later());
        });
        assertThat(rig.list())
                .filteredOn(entry -> String.valueOf(entry.item()).startsWith("p:t1:"))
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.firstSeen()).isEqualTo("2026-11-20T10:00:00Z");
                    assertThat(entry.lastSeen()).isEqualTo(only("name").lastSeen());
                    assertThat(entry.actual()).isEqualTo("b");
                });
    }

    @Test
    void examples_are_as_many_as_asked_for() {
        for (int i = 0; i < 9; i++) {
            found(FoundBy.RECONCILIATION, Kind.VALUE, "name", "a", "p:t" + i + ":0123456789abcdef");
        }

        assertThat(only("name").examples()).hasSize(3);
        assertThat(rig.groups.groups(ComparisonRig.TRACE, rig.start, later(), false, 7, null))
                .singleElement()
                .satisfies(group -> assertThat(group.examples()).hasSize(7));
    }

    @Test
    void divergences_are_found_by_who_found_them_by_state_and_by_time() {
        found(FoundBy.STORE, Kind.CONFLICT, "spans[s1]", "a", "p:t1:0123456789abcdef");
        found(FoundBy.RECONCILIATION, Kind.VALUE, "name", "a", "p:t1:0123456789abcdef");
        judge(GroupState.ACCEPTED, "anna");

        assertThat(query(FoundBy.STORE, null, null, null))
                .extracting(Entry::path)
                .containsExactly("spans[s1]");
        assertThat(query(null, GroupState.ACCEPTED, null, null))
                .extracting(Entry::path)
                .containsExactly("name");
        assertThat(query(null, GroupState.NEW, null, null))
                .extracting(Entry::path)
                .containsExactly("spans[s1]");
        assertThat(query(null, null, later(), null)).isEmpty();
        assertThat(query(null, null, null, rig.start.minusSeconds(60))).isEmpty();
        assertThat(query(null, null, rig.start.minusSeconds(60), later())).hasSize(2);
        assertThat(rig.groups.groups(ComparisonRig.TRACE, later(), later().plus(Duration.ofDays(1)), true, null, null))
                .isEmpty();
        assertThat(rig.groups.groups(ComparisonRig.TRACE, rig.start, later(), false, null, GroupState.ACCEPTED))
                .hasSize(1);
    }

    @Test
    void an_item_stored_long_after_it_was_accepted_is_late_and_no_disagreement_of_results() {
        Instant longAgo = rig.start.minusSeconds(61);
        rig.traces.store(TestTraces.item("late", longAgo));
        rig.traces.store(TestTraces.item("in-time", rig.start.minusSeconds(30)));
        rig.traces.store(TestTraces.item("replayed", longAgo));
        rig.plant("update ledger set reason = 'REPLAY' where subject = 'replayed'");

        rig.check.run();

        assertThat(rig.list()).singleElement().satisfies(entry -> {
            assertThat(entry.kind()).isEqualTo(Kind.LATE);
            assertThat(entry.path()).isEqualTo("item");
            assertThat(entry.item()).startsWith("p:late:");
            assertThat(entry.expected()).contains("accepted at ");
            assertThat(entry.actual()).contains("committed at ", "later");
        });
        assertThat(rig.divergences.differingItems(ComparisonRig.TRACE, null, rig.start.minusSeconds(60), later()))
                .isZero();
        assertThat(rig.report().divergences()).containsEntry(Kind.LATE, 1L);
    }

    @Test
    void items_that_differ_are_counted_once_each() {
        found(FoundBy.RECONCILIATION, Kind.VALUE, "name", "a", "p:t1:0123456789abcdef");
        found(FoundBy.RECONCILIATION, Kind.MISSING, "spans[s1]", "a", "p:t1:0123456789abcdef");
        found(FoundBy.SHADOW, Kind.VALUE, "name", "a", "p:t2:0123456789abcdef");

        assertThat(rig.divergences.differingItems(ComparisonRig.TRACE, null, rig.start.minusSeconds(60), later()))
                .isEqualTo(1);
        assertThat(rig.divergences.differingItems(
                        ComparisonRig.TRACE, FoundBy.SHADOW, rig.start.minusSeconds(60), later()))
                .isEqualTo(1);
    }

    private void found(FoundBy by, Kind kind, String path, String actual, String item) {
        rig.divergences.record(
                ComparisonRig.TRACE,
                List.of(new Divergence(
                        by, kind, path, null, actual, new ItemKey(item), Route.LEGACY, new Epoch(1), null, null)));
    }

    private @Nullable Group judge(GroupState state, String by) {
        return rig.groups.judge(
                ComparisonRig.TRACE, Kind.VALUE, "name", state, by, "because", rig.start.minusSeconds(60), later());
    }

    private List<Entry> query(
            @Nullable FoundBy by, @Nullable GroupState state, @Nullable Instant from, @Nullable Instant until) {
        return rig.log.list(new DivergenceLog.Query(
                ComparisonRig.TRACE, null, null, null, by, state, from, until, Hidden.LEFT_OUT, 0, 100));
    }

    /** The one group at that path, of whatever kind. */
    private Group only(String path) {
        List<Group> found =
                rig.groups().stream().filter(group -> group.path().equals(path)).toList();
        assertThat(found).as(path).hasSize(1);
        return found.getFirst();
    }

    private Instant later() {
        return rig.start.plusSeconds(3_600);
    }
}
