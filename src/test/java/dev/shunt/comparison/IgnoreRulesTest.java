package dev.shunt.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.shunt.comparison.ComparisonReport.HiddenByRule;
import dev.shunt.comparison.DivergenceLog.Entry;
import dev.shunt.comparison.DivergenceLog.Hidden;
import dev.shunt.core.Divergence;
import dev.shunt.core.Divergence.Kind;
import dev.shunt.core.IgnoreRule;
import dev.shunt.core.ItemKey;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a rule hides is counted, and comes back. */
class IgnoreRulesTest {

    private final ComparisonRig rig = new ComparisonRig();
    private final IgnoreRuleBook book = new IgnoreRuleBook(rig.rules, rig.clock);

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void a_rule_hides_what_fits_and_says_how_much() {
        found(Kind.VALUE, "spans[s1].total_cost", "0.10", "0.11");
        found(Kind.VALUE, "spans[s2].total_cost", "0.10", "0.11");
        found(Kind.VALUE, "spans[s1].level", "DEFAULT", "ERROR");
        IgnoreRule rule = hide("spans[*].total_cost", null, null);
        found(Kind.VALUE, "spans[s3].total_cost", "0.10", "0.11");

        assertThat(rig.list()).extracting(Entry::path).containsExactly("spans[s1].level");
        assertThat(hidden())
                .hasSize(3)
                .allSatisfy(entry -> assertThat(entry.hiddenBy()).isEqualTo(rule.id()));
        assertThat(book.list(ComparisonRig.TRACE, true)).singleElement().satisfies(listed -> {
            assertThat(listed.hides()).isEqualTo(3);
            assertThat(listed.hid()).isEqualTo(3);
        });
        assertThat(rig.groups())
                .filteredOn(group -> group.path().equals("spans[].total_cost"))
                .singleElement()
                .satisfies(group -> {
                    assertThat(group.count()).isZero();
                    assertThat(group.hidden()).isEqualTo(3);
                    assertThat(group.examples()).hasSize(3);
                    assertThat(group.basis()).isNull();
                });
        assertThat(rig.report().divergences()).containsEntry(Kind.VALUE, 1L);
        assertThat(rig.report().hidden())
                .extracting(HiddenByRule::rule, HiddenByRule::divergences, HiddenByRule::owner)
                .containsExactly(tuple(rule.id(), 3L, "anna"));
        assertThat(rig.divergences.differingItems(
                        ComparisonRig.TRACE, null, rig.start.minusSeconds(60), rig.start.plusSeconds(60)))
                .isEqualTo(1);
    }

    @Test
    void removing_a_rule_shows_again_what_it_hid() {
        IgnoreRule rule = hide("name", null, null);
        found(Kind.VALUE, "name", "a", "b");
        assertThat(rig.list()).isEmpty();

        IgnoreRule removed = book.remove(rule.id(), "ben").orElseThrow();

        assertThat(rig.list()).extracting(Entry::path).containsExactly("name");
        assertThat(removed.active()).isFalse();
        assertThat(removed.removedBy()).isEqualTo("ben");
        assertThat(removed.hides()).isZero();
        assertThat(removed.hid()).as("it stays known what it hid").isEqualTo(1);
        assertThat(book.list(ComparisonRig.TRACE, true)).isEmpty();
        assertThat(book.list(ComparisonRig.TRACE, false)).hasSize(1);
        assertThat(book.remove(rule.id() + 1, "ben")).isEmpty();
    }

    @Test
    void an_expired_rule_hides_nothing() {
        hide("name", null, null);
        found(Kind.VALUE, "name", "a", "b");
        assertThat(rig.list()).isEmpty();

        rig.plant("update ignore_rule set expires_at = clock_timestamp()");

        assertThat(rig.list()).extracting(Entry::path).containsExactly("name");
        assertThat(rig.report().hidden()).isEmpty();
        found(Kind.VALUE, "name", "a", "c");
        assertThat(hidden()).isEmpty();
    }

    @Test
    void another_rule_takes_over_when_the_first_ends() {
        IgnoreRule first = hide("name", null, null);
        IgnoreRule second = hide("*", null, null);
        found(Kind.VALUE, "name", "a", "b");
        assertThat(hidden()).extracting(Entry::hiddenBy).containsExactly(first.id());

        book.remove(first.id(), "ben");

        assertThat(hidden()).extracting(Entry::hiddenBy).containsExactly(second.id());
    }

    @Test
    void a_rule_for_one_kind_hides_no_other() {
        book.create(draft("name", Kind.CONFLICT, null, null, Duration.ofDays(1)), "anna");
        found(Kind.VALUE, "name", "a", "b");

        assertThat(rig.list()).hasSize(1);
    }

    @Test
    void a_pattern_means_its_own_characters() {
        hide("spans[].total_cost", null, null);
        hide("a%b\\*", null, null);
        found(Kind.VALUE, "spans[s1].totalXcost", "1", "2");
        found(Kind.VALUE, "spans[s1].total_cost", "1", "2");
        found(Kind.VALUE, "axxb\\c", "1", "2");
        found(Kind.VALUE, "a%b\\c", "1", "2");

        assertThat(rig.list()).extracting(Entry::path).containsExactly("spans[s1].totalXcost", "axxb\\c");
    }

    @Test
    void a_tolerance_hides_numbers_that_are_close_and_nothing_else() {
        hide("absolute", "0.000001", null);
        hide("relative", null, "0.01");
        hide("both", "0.5", "0.01");
        found(Kind.VALUE, "absolute", "0.0026725", "0.002673");
        found(Kind.VALUE, "relative", "-100", "-101");
        found(Kind.VALUE, "both", "1", "1.5");
        assertThat(rig.list()).isEmpty();

        found(Kind.VALUE, "absolute", "0.0026725", "0.0026736");
        found(Kind.VALUE, "relative", "-100", "-101.1");
        found(Kind.VALUE, "both", "1", "1.51");
        assertThat(rig.list()).hasSize(3);

        found(Kind.VALUE, "absolute", null, "0");
        found(Kind.VALUE, "relative", "one", "1");
        found(Kind.VALUE, "both", "1e999999999", "1e999999999");
        assertThat(rig.list()).as("no numbers").hasSize(3);
        found(Kind.VALUE, "both", "1E2", "1.01e2");
        assertThat(rig.list()).hasSize(2);
    }

    @Test
    void a_rule_needs_an_owner_a_reason_and_an_end_within_ninety_days() {
        assertThatThrownBy(() -> book.create(draft("name", null, null, null, Duration.ofDays(91)), "anna"))
                .hasMessageContaining("expiresAt must be after now and at most 90 days away");
        assertThatThrownBy(() -> book.create(draft("name", null, null, null, Duration.ofSeconds(-1)), "anna"))
                .hasMessageContaining("expiresAt");
        assertThatThrownBy(() -> draft("name", null, new BigDecimal("-1"), null, Duration.ofDays(1)))
                .hasMessageContaining("absoluteTolerance");
        assertThatThrownBy(() -> draft(" ", null, null, null, Duration.ofDays(1)))
                .hasMessageContaining("path");
        Instant tomorrow = rig.clock.instant().plus(Duration.ofDays(1));
        assertThatThrownBy(() ->
                        new IgnoreRule.Draft(ComparisonRig.TRACE, "name", null, null, null, " ", "anna", tomorrow))
                .hasMessageContaining("reason");
        assertThatThrownBy(
                        () -> new IgnoreRule.Draft(ComparisonRig.TRACE, "name", null, null, null, "why", "", tomorrow))
                .hasMessageContaining("owner");
    }

    @Test
    void a_rule_may_end_in_ninety_days_to_the_microsecond_however_long_it_takes_to_write_it() {
        for (int i = 0; i < 100; i++) { // the clock is read in between now and then
            assertThat(book.create(draft("name", null, null, null, Duration.ofDays(90)), "anna")
                            .active())
                    .isTrue();
        }
    }

    private IgnoreRule hide(String path, @Nullable String absolute, @Nullable String relative) {
        return book.create(
                draft(
                        path,
                        null,
                        absolute == null ? null : new BigDecimal(absolute),
                        relative == null ? null : new BigDecimal(relative),
                        Duration.ofDays(30)),
                "anna");
    }

    private IgnoreRule.Draft draft(
            String path,
            @Nullable Kind kind,
            @Nullable BigDecimal absolute,
            @Nullable BigDecimal relative,
            Duration life) {
        return new IgnoreRule.Draft(
                ComparisonRig.TRACE,
                path,
                kind,
                absolute,
                relative,
                "known",
                "anna",
                rig.clock.instant().plus(life));
    }

    private void found(Kind kind, String path, @Nullable String expected, @Nullable String actual) {
        rig.divergences.record(
                ComparisonRig.TRACE,
                List.of(Divergence.ofInput(
                        kind, path, expected, actual, new ItemKey("p:t1:0123456789abcdef"), null, null)));
    }

    private List<Entry> hidden() {
        return rig.log.list(ComparisonRig.query(Hidden.ONLY));
    }
}
