package dev.shunt.comparison.gates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EvidenceTest {

    @Test
    void the_dirichlet_factor_has_its_known_answer() {
        assertThat(Math.exp(SplitEvidence.factor(0.5, 1, 1, 10, 0))).isCloseTo(1024.0 / 11, within(1e-9));
        assertThat(Math.exp(SplitEvidence.factor(0.5, 1, 1, 0, 10))).isCloseTo(1024.0 / 11, within(1e-9));
        assertThat(Math.exp(SplitEvidence.factor(0.5, 1, 1, 0, 0))).isCloseTo(1, within(1e-12));
    }

    @Test
    void the_logarithm_of_the_gamma_function_is_that_of_factorials() {
        double factorial = 0;
        for (int n = 1; n <= 200; n++) {
            assertThat(LogGamma.of(n)).as("ln gamma(%d)", n).isCloseTo(factorial, within(1e-11 * (1 + factorial)));
            factorial += Math.log(n);
        }
        assertThat(LogGamma.of(0.5)).isCloseTo(0.5 * Math.log(Math.PI), within(1e-13));
        assertThat(LogGamma.of(1e9)).isCloseTo(1.9723265827503983e10, within(1e-3));
    }

    @Test
    void its_expectation_after_any_number_of_events_is_one_when_nothing_is_wrong() {
        // exact: all outcomes of 12 events at a share of 0.3, weighed by their chance
        double expected = 0;
        for (int outcome = 0; outcome < 1 << 12; outcome++) {
            var evidence = new Evidence();
            double chance = 1;
            for (int event = 0; event < 12; event++) {
                boolean hit = (outcome >> event & 1) == 1;
                chance *= hit ? 0.3 : 0.7;
                evidence.add(0.3, hit);
                if (event == 5) {
                    evidence.open();
                }
            }
            expected += chance * Math.exp(evidence.log());
        }
        assertThat(expected).isCloseTo(1, within(1e-9));
    }

    @Test
    void the_evidence_on_the_split_has_an_expectation_of_one_too() {
        double expected = 0;
        for (int hits = 0; hits <= 40; hits++) {
            var evidence = new SplitEvidence();
            for (int key = 0; key < 40; key++) {
                evidence.add(1_000, key < hits);
            }
            double chance = Math.exp(LogGamma.of(41) - LogGamma.of(hits + 1) - LogGamma.of(41 - hits))
                    * Math.pow(0.1, hits)
                    * Math.pow(0.9, 40.0 - hits);
            expected += chance * Math.exp(evidence.log());
        }
        assertThat(expected).isCloseTo(1, within(1e-9));
    }

    @Test
    void only_a_worse_temporal_makes_it_grow() {
        var better = new Evidence();
        for (int i = 0; i < 1_000; i++) {
            better.add(0.5, false);
        }
        assertThat(better.log()).isNegative();
        var worse = new Evidence();
        for (int i = 0; i < 10; i++) {
            worse.add(0.1, true);
        }
        assertThat(worse.log()).isGreaterThan(Math.log(200));
    }

    @Test
    void where_everything_is_on_temporal_events_say_nothing() {
        var evidence = new Evidence();
        for (int i = 0; i < 100; i++) {
            evidence.add(1, true);
        }
        assertThat(evidence.log()).isCloseTo(0, within(1e-12));
    }

    @Test
    void what_was_good_for_long_does_not_hide_what_is_bad_since_now() {
        var evidence = new Evidence();
        var random = new SplittableRandom(1);
        for (int i = 0; i < 10_000; i++) {
            evidence.add(0.1, random.nextDouble() < 0.1);
            evidence.looked();
        }
        assertThat(evidence.log()).isLessThan(Math.log(20));
        int events = 0;
        while (evidence.log() < Math.log(200)) {
            evidence.add(0.1, events++ % 3 == 0);
            evidence.looked();
            assertThat(events).isLessThan(600);
        }
    }

    @Test
    void it_is_the_same_after_it_was_kept() {
        var evidence = new Evidence();
        var random = new SplittableRandom(2);
        for (int i = 0; i < 3_000; i++) {
            evidence.add(i < 1_000 ? 0.1 : 0.5, random.nextDouble() < 0.3);
            evidence.looked();
        }
        String kept = GateJson.write(Map.of("blocks", evidence.cells()));
        Evidence again = Evidence.of(new Facts(GateJson.read(kept)).blocks("blocks"));
        assertThat(again.log()).isEqualTo(evidence.log());
        assertThat(again.cells()).isEqualTo(evidence.cells());
    }

    @Test
    void a_mean_above_its_limit_is_found_and_one_at_its_limit_is_not() {
        var above = new MeanEvidence();
        var at = new MeanEvidence();
        var random = new SplittableRandom(3);
        for (int i = 0; i < 2_000; i++) {
            double exponential = -Math.log(1 - random.nextDouble());
            above.add(1.5 * exponential, 1);
            at.add(exponential, 1);
        }
        assertThat(above.log()).isGreaterThan(Math.log(10_000));
        assertThat(at.log()).isLessThan(Math.log(20));
    }

    @Test
    void ranks_are_those_of_a_worked_example() {
        // legacy 1 2 3, Temporal 2 4: of six pairs Temporal is longer in 4 and equal in 1
        Map<Long, long[]> values = new TreeMap<>(
                Map.of(1L, new long[] {1, 0}, 2L, new long[] {1, 1}, 3L, new long[] {1, 0}, 4L, new long[] {0, 1}));
        Latencies.Ranks ranks = Latencies.ranks(values);
        assertThat(ranks.a12()).isCloseTo(4.5 / 6, within(1e-12));
        assertThat(Latencies.upperTail(1.959963984540054)).isCloseTo(0.025, within(1e-8));
        assertThat(List.of(ranks.legacy(), ranks.temporal())).containsExactly(3L, 2L);
    }

    @Test
    void intervals_are_those_of_the_books() {
        // Newcombe 1998, table II, example (a): 56/70 less 48/80 is 0.0524 to 0.3339
        Shares.Interval difference = Shares.difference(56, 70, 48, 80, Shares.TWO_SIDED);
        assertThat(difference.low()).isCloseTo(0.0524, within(5e-5));
        assertThat(difference.high()).isCloseTo(0.3339, within(5e-5));
        assertThat(Shares.exact(0, 10).high()).isCloseTo(0.3085, within(5e-5));
        assertThat(Shares.exact(10, 10).low()).isCloseTo(0.6915, within(5e-5));
    }
}
