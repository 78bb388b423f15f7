package dev.shunt.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bounds against answers from elsewhere, and against the definition computed without rounding. */
class EqualityTest {

    @ParameterizedTest(name = "{0} of {1}: at most {2}")
    @CsvSource({"0, 300, 0.01", "0, 2995, 0.001", "0, 29956, 0.0001", "1, 1000, 0.00473499", "3, 3, 1", "0, 0, 1"})
    void the_bound_is_the_known_one(long differing, long compared, double known) {
        double bound = Equality.upperBound(differing, compared);

        assertThat(bound).isLessThanOrEqualTo(known * 1.0001).isGreaterThan(known * 0.99);
    }

    @Test
    void one_item_fewer_than_needed_does_not_reach_the_bound() {
        assertThat(Equality.neededWithoutDifference(0.001)).isEqualTo(2_995);
        assertThat(Equality.upperBound(0, 2_995)).isLessThanOrEqualTo(0.001);
        assertThat(Equality.upperBound(0, 2_994)).isGreaterThan(0.001);
    }

    @Test
    void at_the_bound_so_few_differences_have_exactly_the_chance_that_is_left() {
        long seed = 41;
        var random = new SplittableRandom(seed);
        for (int i = 0; i < 60; i++) {
            int compared = random.nextInt(1, 900);
            int differing = random.nextInt(compared);
            double bound = Equality.upperBound(differing, compared, 0.95);

            assertThat(exactAtMost(differing, compared, bound))
                    .as("%s of %s, seed %s", differing, compared, seed)
                    .isCloseTo(0.05, within(1e-10));
        }
    }

    @Test
    void both_tails_of_the_distribution_are_exact() {
        long seed = 42;
        var random = new SplittableRandom(seed);
        for (int i = 0; i < 60; i++) {
            int n = random.nextInt(1, 500);
            int k = random.nextInt(-1, n + 1);
            double p = random.nextInt(1, 1_000) / 1_024.0;

            assertThat(Binomial.atMost(k, n, p))
                    .as("P(X <= %s), n %s, p %s, seed %s", k, n, p, seed)
                    .isCloseTo(exactAtMost(k, n, p), within(1e-12));
        }
    }

    @Test
    void millions_of_items_are_no_trouble() {
        assertThat(Equality.upperBound(1_000, 1_000_000)).isCloseTo(0.00105357487744, within(1e-12));
        assertThat(Equality.upperBound(500_000_000, 1_000_000_000)).isCloseTo(0.500026, within(1e-6));
    }

    @Test
    void what_cannot_be_is_refused_by_name() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Equality.upperBound(4, 3))
                .withMessageContaining("differing must be 0..3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Equality.upperBound(0, 3, 1))
                .withMessageContaining("confidence");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Equality.neededWithoutDifference(0))
                .withMessageContaining("share");
    }

    private static double exactAtMost(int k, int n, double p) {
        MathContext digits = new MathContext(60);
        BigDecimal chance = new BigDecimal(p);
        BigDecimal other = BigDecimal.ONE.subtract(chance);
        BigDecimal sum = BigDecimal.ZERO;
        BigInteger choose = BigInteger.ONE;
        for (int i = 0; i <= k; i++) {
            sum = sum.add(new BigDecimal(choose)
                    .multiply(chance.pow(i, digits), digits)
                    .multiply(other.pow(n - i, digits), digits));
            choose = choose.multiply(BigInteger.valueOf(n - i)).divide(BigInteger.valueOf(i + 1));
        }
        return sum.doubleValue();
    }
}
