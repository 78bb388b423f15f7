package dev.shunt.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which days' summaries are looked at, and when. */
class SummaryDaysTest {

    private static final LocalDate TODAY = LocalDate.parse("2026-11-22");
    private static final LocalDate YESTERDAY = TODAY.minusDays(1);
    private static final Duration SWEEP = Duration.ofMinutes(1);

    private final SummaryDays days = new SummaryDays(SWEEP);
    private Instant now = Instant.parse("2026-11-22T12:00:00Z");

    @Test
    void a_day_is_looked_at_once_in_a_sweep_however_often_it_changes() {
        days.changed(List.of(TODAY));
        assertThat(pass()).containsExactly(TODAY, YESTERDAY);

        for (int i = 0; i < 11; i++) {
            now = now.plusSeconds(5);
            days.changed(List.of(TODAY));
            assertThat(pass()).isEmpty();
        }
        now = now.plusSeconds(5);
        assertThat(pass()).containsExactly(TODAY, YESTERDAY);
    }

    @Test
    void of_older_days_one_is_looked_at_in_turn_however_many_there_are() {
        List<LocalDate> old = new ArrayList<>();
        for (int i = 2; i < 32; i++) {
            old.add(TODAY.minusDays(i));
        }
        days.changed(old);
        List<LocalDate> looked = new ArrayList<>();
        for (int i = 0; i < 30; i++) { // those that were never looked at, one in each pass
            looked.addAll(older());
            now = now.plusSeconds(5);
        }
        assertThat(looked).containsExactlyInAnyOrderElementsOf(old);

        looked.clear();
        for (int i = 0; i < 30; i++) {
            now = now.plus(SWEEP);
            assertThat(pass()).hasSize(3).first().isEqualTo(TODAY);
            now = now.plusSeconds(5);
            assertThat(pass()).isEmpty();
        }
    }

    @Test
    void an_older_day_with_new_items_comes_before_the_others() {
        days.changed(List.of(TODAY.minusDays(5), TODAY.minusDays(9), TODAY.minusDays(7)));
        for (int i = 0; i < 3; i++) {
            pass();
            now = now.plus(SWEEP);
        }

        days.changed(List.of(TODAY.minusDays(9)));

        assertThat(older()).containsExactly(TODAY.minusDays(9));
    }

    @Test
    void after_a_slow_look_there_is_a_rest_four_times_as_long() {
        days.looked(TODAY, now, now.plusSeconds(30));
        now = now.plusSeconds(30);

        assertThat(days.rests(now.plusSeconds(119))).isTrue();
        assertThat(days.rests(now.plusSeconds(120))).isFalse();
    }

    private List<LocalDate> older() {
        return pass().stream().filter(day -> day.isBefore(YESTERDAY)).toList();
    }

    private List<LocalDate> pass() {
        List<LocalDate> due = days.due(now);
        due.forEach(day -> days.looked(day, now, now));
        return due;
    }
}
