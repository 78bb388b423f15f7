package dev.shunt.temporal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {

    private final Pace pace = new Pace(4, Duration.ofSeconds(1));

    @Test
    void as_long_as_nothing_was_slow_any_number_may_wait() {
        assertThat(pace.places()).isGreaterThan(1_000_000);
    }

    @Test
    void no_more_wait_than_have_their_turn_within_the_time() {
        took(100, Duration.ofMillis(10));

        assertThat(pace.places()).isBetween(395, 405); // 4 at a time, 100 each in a second
    }

    @Test
    void a_stall_shows_at_once_and_is_forgotten_when_starts_are_quick_again() {
        took(100, Duration.ofMillis(10));
        took(1, Duration.ofSeconds(1));
        assertThat(pace.places()).isLessThan(40);
        took(100, Duration.ofSeconds(1));
        assertThat(pace.places()).isEqualTo(4);

        took(40, Duration.ofMillis(10));
        assertThat(pace.places()).isGreaterThan(200);
    }

    @Test
    void however_slow_starts_are_each_thread_has_one_to_try() {
        took(100, Duration.ofSeconds(60));

        assertThat(pace.places()).isEqualTo(4);
    }

    private void took(int times, Duration each) {
        for (int i = 0; i < times; i++) {
            pace.took(each);
        }
    }
}
