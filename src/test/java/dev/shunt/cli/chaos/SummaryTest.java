package dev.shunt.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SummaryTest {

    @Test
    void a_run_without_a_round_is_not_well() {
        assertThat(new Summary().allWell()).isFalse();
    }
}
