package dev.shunt.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.shunt.comparison.CheckerStatus.Role;
import dev.shunt.comparison.DivergenceLog.Entry;
import dev.shunt.comparison.DivergenceLog.Hidden;
import dev.shunt.comparison.GroupReports.Group;
import dev.shunt.core.Divergence;
import dev.shunt.core.Divergence.Kind;
import dev.shunt.core.Item;
import dev.shunt.core.ItemKey;
import dev.shunt.core.ResultAudit;
import dev.shunt.core.UnavailableException;
import dev.shunt.store.SoleRunner;
import dev.shunt.workloads.trace.TestTraces;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The continuous check of stored results against their input. */
class DivergenceCheckTest {

    private final ComparisonRig rig = new ComparisonRig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void items_stored_as_they_came_are_verified_and_nothing_is_found() {
        for (int i = 0; i < 7; i++) {
            rig.traces.store(TestTraces.item("t" + i, rig.start));
        }

        rig.check.run();

        assertThat(rig.list()).isEmpty();
        assertThat(rig.check.status()).isEqualTo(new CheckerStatus(Role.ACTIVE, rig.clock.instant(), 0, null, 0));
    }

    @Test
    void planted_faults_are_found_each_once_with_kind_and_path_and_grouped() {
        for (int i = 0; i < 3; i++) {
            rig.traces.store(TestTraces.item("t" + i, rig.start));
        }
        rig.plant(
                "update span set total_cost = round(total_cost, 6), level = 'ERROR' where id = 's1' and trace_id < 't2'");
        rig.plant("delete from span where trace_id = 't2' and id = 's3'");
        rig.plant("update daily_cost_summary set spans = spans + 1 where model = 'gpt-4o'");
        rig.plant("""
                insert into trace (project_id, id, name, occurred_at, item_key)
                values ('p', 'stranger', 'x', now(), 'p:stranger:0000000000000000')
                """);

        rig.check.run();
        rig.clock.advance(ComparisonRig.SETTINGS.sweep()); // when summaries are looked at again
        rig.check.run();

        assertThat(rig.list())
                .extracting(Entry::kind, Entry::path)
                .containsExactlyInAnyOrder(
                        tuple(Kind.VALUE, "spans[s1].total_cost"),
                        tuple(Kind.VALUE, "spans[s1].total_cost"),
                        tuple(Kind.VALUE, "spans[s1].level"),
                        tuple(Kind.VALUE, "spans[s1].level"),
                        tuple(Kind.MISSING, "spans[s3]"),
                        tuple(Kind.EXTRA, "traces[p/stranger]"),
                        tuple(Kind.SUMMARY, "summaries[p/2026-11-21/gpt-4o].spans"),
                        tuple(Kind.SUMMARY, "summaries[p/2026-11-21/gpt-4o].total_cost"),
                        tuple(Kind.SUMMARY, "summaries[p/2026-11-21/__all__].total_cost"));
        assertThat(rig.groups())
                .filteredOn(group -> group.path().equals("spans[].total_cost"))
                .extracting(Group::kind, Group::count, group -> group.examples().size())
                .containsExactly(tuple(Kind.VALUE, 2L, 2));
        assertThat(rig.list()).allSatisfy(entry -> assertThat(entry.seen()).isGreaterThanOrEqualTo(2));
        assertThat(levels(0, 1)).singleElement().satisfies(first -> {
            assertThat(first.actual()).isEqualTo("ERROR");
            assertThat(levels(first.id(), 10)).hasSize(1);
        });
    }

    @Test
    void a_row_changed_after_it_was_verified_is_found_by_the_next_walk() {
        rig.traces.store(TestTraces.item("t1", rig.start));
        rig.check.run();
        rig.plant("update trace set name = 'other' where id = 't1'");

        rig.check.run();

        assertThat(rig.list()).extracting(Entry::kind, Entry::path).containsExactly(tuple(Kind.VALUE, "name"));
    }

    @Test
    void a_checker_that_fails_is_counted_and_does_not_pass_for_agreement() {
        Item poison = TestTraces.item("t3", rig.start);
        for (int i = 0; i < 6; i++) {
            rig.traces.store(TestTraces.item("t" + i, rig.start));
        }
        var failing = rig.check(new PoisonedAudit(rig.traces.audit(), poison.key()));

        failing.run();

        assertThat(failing.status()).satisfies(status -> {
            assertThat(status.failures()).isPositive();
            assertThat(status.lastFailure()).contains(poison.key().value());
            assertThat(status.lastCheckedAt()).isNull();
            assertThat(status.backlog()).isEqualTo(1);
        });
    }

    @Test
    void a_day_that_cannot_be_summed_in_time_is_counted_and_items_are_verified_all_the_same() {
        rig.traces.store(TestTraces.item("t1", rig.start));
        var audit = new SummingAudit(rig.traces.audit());
        audit.slow = true;
        var check = rig.check(audit);

        check.run();
        rig.traces.store(TestTraces.item("t2", rig.start));
        check.run();

        assertThat(check.status().backlog()).isZero();
        assertThat(check.status().failures()).isPositive();
        assertThat(check.status().lastFailure()).startsWith("summaries of ").contains("too slow");
    }

    @Test
    void a_day_is_summed_once_in_a_sweep_and_not_with_every_new_item() {
        var audit = new SummingAudit(rig.traces.audit());
        var check = rig.check(audit);
        for (int i = 0; i < 5; i++) {
            rig.traces.store(TestTraces.item("t" + i, rig.start));
            check.run();
            rig.clock.advance(Duration.ofSeconds(5));
        }
        assertThat(audit.summed()).doesNotHaveDuplicates();

        rig.clock.advance(ComparisonRig.SETTINGS.sweep());
        check.run();
        assertThat(audit.summed()).hasSizeLessThanOrEqualTo(2 * 3).hasSizeGreaterThan(3);
    }

    @Test
    void no_pass_counts_before_the_summaries_of_today_and_yesterday_could_be_compared() {
        var audit = new SummingAudit(rig.traces.audit());
        var check = rig.check(audit);
        LocalDate today =
                LocalDate.ofInstant(rig.clock.instant(), ZoneOffset.UTC).plusDays(1);
        Instant noon = today.atTime(12, 0).toInstant(ZoneOffset.UTC); // no midnight comes between
        rig.clock.advance(Duration.between(rig.clock.instant(), noon));
        audit.slow = true;
        assertThat(check.run()).isFalse();

        for (LocalDate broken : List.of(today, today.minusDays(1))) {
            audit.slow = false;
            audit.broken = Set.of(broken);
            for (int i = 0; i < 3; i++) { // of a minute, in which no day is due but the failing one
                rig.clock.advance(Duration.ofSeconds(5));
                assertThat(check.run()).isFalse();
                assertThat(check.obstacle())
                        .startsWith("the summaries of " + broken + " could not be compared")
                        .contains("too slow");
            }
            audit.broken = Set.of();
            assertThat(check.run()).isTrue();
            assertThat(check.run()).isTrue();
            rig.clock.advance(ComparisonRig.SETTINGS.sweep());
        }
        assertThat(check.status().lastCheckedAt()).isNotNull();
    }

    @Test
    void items_whose_days_cannot_be_told_stay_unverified_until_they_can() {
        rig.traces.store(TestTraces.item("t1", rig.start));
        var audit = new SummingAudit(rig.traces.audit());
        var check = rig.check(audit);
        audit.daysLost = true;

        assertThat(check.run()).isFalse();
        assertThat(check.status().backlog()).isEqualTo(1);
        assertThat(check.status().lastFailure()).startsWith("days of new items");

        audit.daysLost = false;
        check.run();
        assertThat(check.status().backlog()).isZero();
    }

    @Test
    void the_day_of_a_verified_item_is_looked_at_even_after_a_restart_before_its_turn() {
        rig.traces.store(TestTraces.item("t1", rig.start));
        LocalDate day = rig.traces
                .audit()
                .summaryDays(List.of(TestTraces.item("t1", rig.start).key()))
                .iterator()
                .next();
        rig.clock.advance(Duration.ofDays(10)); // the spans are neither of today nor of yesterday
        var audit = new SummingAudit(rig.traces.audit());
        audit.broken = Set.of(day);
        rig.check(audit).run();
        assertThat(rig.check.status().backlog()).isZero();
        rig.plant("update daily_cost_summary set spans = spans + 1 where model = 'gpt-4o'");

        rig.check.run(); // another instance

        assertThat(rig.list()).extracting(Entry::kind).contains(Kind.SUMMARY);
        var third = new SummingAudit(rig.traces.audit());
        rig.check(third).run();
        assertThat(third.summed()).hasSize(2).doesNotContain(day);
    }

    @Test
    void one_instance_checks_at_a_time() {
        rig.traces.store(TestTraces.item("t1", rig.start));

        boolean ran = new SoleRunner(rig.database).run("comparison:trace", rig.check::run);

        assertThat(ran).isTrue();
        assertThat(rig.check.status().role()).isEqualTo(Role.STANDBY);
        assertThat(rig.check.status().backlog()).isEqualTo(1);
    }

    private List<Entry> levels(long after, int limit) {
        return rig.log.list(new DivergenceLog.Query(
                ComparisonRig.TRACE,
                Kind.VALUE,
                "spans[].level",
                null,
                null,
                null,
                null,
                null,
                Hidden.LEFT_OUT,
                after,
                limit));
    }

    /** An audit that breaks on one item. */
    private static final class PoisonedAudit extends WrappedAudit {

        private final ItemKey poison;

        PoisonedAudit(ResultAudit sound, ItemKey poison) {
            super(sound);
            this.poison = poison;
        }

        @Override
        public List<Divergence> verify(List<Accepted> done) {
            if (done.stream().anyMatch(item -> item.key().equals(poison))) {
                throw new IllegalStateException("broken");
            }
            return super.verify(done);
        }
    }

    /** An audit that notes which days it sums, and may fail at that. */
    private static final class SummingAudit extends WrappedAudit {

        private boolean slow;
        private boolean daysLost;
        private Set<LocalDate> broken = Set.of();
        private final List<LocalDate> summed = new ArrayList<>();

        SummingAudit(ResultAudit sound) {
            super(sound);
        }

        List<LocalDate> summed() {
            return List.copyOf(summed);
        }

        @Override
        public List<Divergence> verifySummaries(LocalDate day) {
            summed.add(day);
            if (slow || broken.contains(day)) {
                throw new UnavailableException("too slow", Duration.ofSeconds(1), null);
            }
            return super.verifySummaries(day);
        }

        @Override
        public Set<LocalDate> summaryDays(Collection<ItemKey> done) {
            if (daysLost) {
                throw new UnavailableException("too slow", Duration.ofSeconds(1), null);
            }
            return super.summaryDays(done);
        }
    }

    /** An audit that passes everything on. */
    private abstract static class WrappedAudit implements ResultAudit {

        private final ResultAudit sound;

        WrappedAudit(ResultAudit sound) {
            this.sound = sound;
        }

        @Override
        public List<Divergence> verify(List<Accepted> done) {
            return sound.verify(done);
        }

        @Override
        public List<Divergence> unaccounted(Instant from, Instant until) {
            return sound.unaccounted(from, until);
        }

        @Override
        public List<Divergence> verifySummaries(LocalDate day) {
            return sound.verifySummaries(day);
        }

        @Override
        public Set<LocalDate> summaryDays(Collection<ItemKey> done) {
            return sound.summaryDays(done);
        }

        @Override
        public Optional<String> stored(String project, String subject) {
            return sound.stored(project, subject);
        }

        @Override
        public List<Map<String, Object>> summary(String project, LocalDate day) {
            return sound.summary(project, day);
        }
    }
}
