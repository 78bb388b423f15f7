package dev.shunt.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.comparison.CanonicalDiff.Difference;
import dev.shunt.core.Canonical;
import dev.shunt.core.Divergence.Kind;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CanonicalDiffTest {

    @Test
    void null_against_a_value_is_a_value_and_another_type_is_a_type() {
        assertThat(differences(Map.of("a", Canonical.NOTHING), Map.of("a", Canonical.text(""))))
                .containsExactly(new Difference(Kind.VALUE, "a", null, ""));
        assertThat(differences(Map.of("a", number("1")), Map.of("a", Canonical.text("1"))))
                .containsExactly(new Difference(Kind.TYPE, "a", "1", "1"));
    }

    @Test
    void what_is_on_one_side_only_is_missing_or_extra_as_a_whole() {
        Canonical span = Canonical.members(Map.of("name", Canonical.text("n"), "cost", number("0.10")));
        Canonical with = Canonical.members(Map.of("spans", Canonical.elements(Map.of("s1", span))));
        Canonical without = Canonical.members(Map.of("spans", Canonical.elements(Map.of())));

        assertThat(CanonicalDiff.of(with, without))
                .containsExactly(new Difference(Kind.MISSING, "spans[s1]", "{\"cost\":0.1,\"name\":\"n\"}", null));
        assertThat(CanonicalDiff.of(without, with))
                .containsExactly(new Difference(Kind.EXTRA, "spans[s1]", null, "{\"cost\":0.1,\"name\":\"n\"}"));
    }

    @Test
    void the_same_elements_in_another_order_are_one_order() {
        assertThat(differences(
                        Map.of("tags", sequence("a", "b", "b", "c")), Map.of("tags", sequence("b", "a", "c", "b"))))
                .containsExactly(
                        new Difference(Kind.ORDER, "tags", "[\"a\",\"b\",\"b\",\"c\"]", "[\"b\",\"a\",\"c\",\"b\"]"));
    }

    @Test
    void an_element_of_a_sequence_that_is_gone_does_not_make_the_ones_behind_it_differ() {
        assertThat(differences(Map.of("tags", sequence("a", "b", "c", "d")), Map.of("tags", sequence("a", "c", "d"))))
                .containsExactly(new Difference(Kind.MISSING, "tags[1]", "b", null));
    }

    @Test
    void a_long_value_is_cut_at_a_code_point() {
        String shown = differences(
                        Map.of("a", Canonical.text("x" + "😀".repeat(400))), Map.of("a", Canonical.text("y")))
                .getFirst()
                .expected();

        assertThat(shown).isNotNull().hasSizeLessThanOrEqualTo(500).endsWith("😀…");
    }

    @Test
    void odd_names_and_ids_do_not_break_the_pattern_of_a_path() {
        Canonical one = Canonical.members(Map.of("a.b[c]", Canonical.elements(Map.of("x]y", number("1")))));
        Canonical other = Canonical.members(Map.of("a.b[c]", Canonical.elements(Map.of("x]y", number("2")))));

        assertThat(CanonicalDiff.of(one, other))
                .containsExactly(new Difference(Kind.VALUE, "[\"a.b%5Bc%5D\"][x%5Dy]", "1", "2"));
    }

    @Test
    void a_number_of_a_million_digits_is_shown_in_short() {
        assertThat(differences(Map.of("a", number("1e1000000")), Map.of("a", number("2e1000000"))))
                .containsExactly(new Difference(Kind.VALUE, "a", "1E+1000000", "2E+1000000"));
    }

    @Test
    void a_tree_equals_itself_in_any_order_of_keys_and_any_scale_of_numbers() {
        for (long seed = 0; seed < 500; seed++) {
            var random = new SplittableRandom(seed);
            RandomTree tree = RandomTree.of(random, 4);

            assertThat(CanonicalDiff.of(tree.canonical(), tree.written(random).canonical()))
                    .as("seed %d", seed)
                    .isEmpty();
        }
    }

    @Test
    void one_change_is_one_divergence_at_its_path() {
        for (long seed = 0; seed < 2_000; seed++) {
            var random = new SplittableRandom(seed);
            RandomTree tree = RandomTree.of(random, 4);
            RandomTree.Change change = tree.change(random);

            assertThat(CanonicalDiff.of(tree.canonical(), change.tree().canonical()))
                    .as("seed %d: %s", seed, change)
                    .singleElement()
                    .satisfies(found -> {
                        assertThat(found.kind()).isEqualTo(change.kind());
                        assertThat(found.path()).isEqualTo(change.path());
                    });
        }
    }

    private static List<Difference> differences(Map<String, Canonical> expected, Map<String, Canonical> actual) {
        return CanonicalDiff.of(Canonical.members(expected), Canonical.members(actual));
    }

    private static Canonical number(String value) {
        return Canonical.amount(new BigDecimal(value));
    }

    private static Canonical sequence(String... texts) {
        return new Canonical.Sequence(Arrays.stream(texts).map(Canonical::text).toList());
    }
}
