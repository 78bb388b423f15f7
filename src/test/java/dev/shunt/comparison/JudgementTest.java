package dev.shunt.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.comparison.Judgement.Evidence;
import dev.shunt.comparison.Judgement.Word;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgementTest {

    @ParameterizedTest
    @CsvSource({
        "2995, 0, Matching: at most 0.1 % can differ (95 %).",
        "2994, 0, Matching: at most 0.2 % can differ (95 %).",
        "1000, 1, Matching: at most 0.5 % can differ (95 %).",
        "300, 0, Matching: at most 1 % can differ (95 %).",
        "1000000, 0, Matching: at most 0.1 % can differ (95 %)."
    })
    void the_bound_is_exact_and_rounded_up(long pairs, long differing, String sentence) {
        Judgement verdict = Judgement.of(new Evidence(10, 0, List.of(), 0, pairs, differing, 5, List.of()));

        assertThat(verdict.word()).isEqualTo(Word.MATCHING);
        assertThat(verdict.sentence()).isEqualTo(sentence);
    }

    @Test
    void without_pairs_it_rests_on_the_verified_items_of_temporal_and_says_so() {
        Judgement verdict = Judgement.of(new Evidence(600, 0, List.of(), 0, 0, 0, 300, List.of()));

        assertThat(verdict.sentence()).isEqualTo("Matching: at most 1 % can differ (95 %).");
        assertThat(verdict.basis()).isEqualTo("0 of 300 items of the Temporal route differ from their input");
    }

    @Test
    void nothing_compared_is_never_a_yes() {
        assertThat(word(new Evidence(10, 0, List.of(), 0, 0, 0, 0, List.of()))).isEqualTo(Word.INCONCLUSIVE);
        assertThat(word(new Evidence(0, 0, List.of(), 0, 0, 0, 0, List.of()))).isEqualTo(Word.NO_DATA);
        assertThat(word(new Evidence(10, 0, List.of(), 0, 3_000, 0, 10, List.of("the check failed"))))
                .isEqualTo(Word.INCONCLUSIVE);
    }

    @Test
    void what_is_wrong_is_said_even_if_not_everything_could_be_seen() {
        Judgement diverging =
                Judgement.of(new Evidence(10, 0, List.of("VALUE at spans[].name"), 0, 0, 0, 0, List.of("no look")));
        assertThat(diverging.sentence())
                .isEqualTo("Diverging: 1 kind of disagreement, the largest VALUE at spans[].name.");
        assertThat(word(new Evidence(10, 2, List.of("VALUE at x"), 0, 0, 0, 0, List.of())))
                .isEqualTo(Word.LOST);
    }

    @Test
    void pairs_that_were_late_or_failed_count_as_differing_and_many_of_them_leave_it_open() {
        Judgement few = Judgement.of(withoutResult(17_914, 11));
        assertThat(few.word()).isEqualTo(Word.MATCHING);
        assertThat(few.sentence())
                .isEqualTo("Matching: at most 0.2 % can differ (95 %), counting 11 shadow pairs late or failed as"
                        + " differing.");
        assertThat(few.basis()).isEqualTo("0 of 17,914 shadow pairs differ; 11 more pairs late or failed");
        assertThat(Judgement.of(withoutResult(5_573, 0)).sentence())
                .isEqualTo("Matching: at most 0.1 % can differ (95 %).");

        Judgement many = Judgement.of(withoutResult(5_100, 900));
        assertThat(many.word()).isEqualTo(Word.INCONCLUSIVE);
        assertThat(many.sentence())
                .contains("900 shadow pairs of 6,000 were late or failed", "with them at most 15.8 % can");
        assertThat(word(withoutResult(0, 7))).isEqualTo(Word.INCONCLUSIVE);
    }

    private static Evidence withoutResult(long pairs, long without) {
        return new Evidence(20_000, 0, List.of(), 0, pairs, 0, 5_000, List.of(), without);
    }

    @Test
    void what_people_live_with_is_mentioned() {
        assertThat(Judgement.of(new Evidence(10, 0, List.of(), 2, 3_000, 0, 0, List.of()))
                        .sentence())
                .isEqualTo("Matching: at most 0.1 % can differ (95 %), besides 2 accepted kinds of disagreement.");
    }

    private static Word word(Evidence evidence) {
        return Judgement.of(evidence).word();
    }
}
