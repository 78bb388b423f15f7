package dev.shunt.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PercentageTest {

    @ParameterizedTest
    @CsvSource({"0, 0", "0.01, 1", "10, 1000", "10.0, 1000", "33.330, 3333", "1e2, 10000", "100.00, 10000"})
    void percent_becomes_basis_points(BigDecimal percent, int basisPoints) {
        assertThat(Percentage.ofPercent(percent).basisPoints()).isEqualTo(basisPoints);
    }

    @ParameterizedTest
    @CsvSource({"-0.01", "100.01", "1e9"})
    void out_of_range_is_refused(BigDecimal percent) {
        assertThatThrownBy(() -> Percentage.ofPercent(percent)).hasMessage("percentage must be 0..100, was " + percent);
    }

    @Test
    void steps_finer_than_a_basis_point_are_refused() {
        assertThatThrownBy(() -> Percentage.ofPercent(new BigDecimal("0.005")))
                .hasMessageContaining("at most two decimals")
                .hasMessageContaining("0.005");
        assertThatThrownBy(() -> new Percentage(10_001)).hasMessage("percentage must be 0..100, was 100.01");
    }

    @Test
    void nothing_is_in_zero_and_everything_in_all() {
        assertThat(Percentage.ZERO.includes(new Bucket(0))).isFalse();
        assertThat(Percentage.ALL.includes(new Bucket(9_999))).isTrue();
        assertThat(new Percentage(1_000).includes(new Bucket(999))).isTrue();
        assertThat(new Percentage(1_000).includes(new Bucket(1_000))).isFalse();
    }

    @Test
    void it_is_shown_without_idle_zeros() {
        assertThat(new Percentage(1_000)).hasToString("10 %");
        assertThat(new Percentage(1)).hasToString("0.01 %");
        assertThat(new Percentage(1_000).percent()).isEqualTo(new BigDecimal("10.00"));
    }
}
