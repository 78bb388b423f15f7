package dev.shunt.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
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
        days.looked(TODAY, now, now.plusSeconds(30), true);
        now = now.plusSeconds(30);

        assertThat(days.rests(TODAY, now.plusSeconds(119))).isTrue();
        assertThat(days.rests(TODAY, now.plusSeconds(120))).isFalse();
    }

    @Test
    void however_slow_a_look_is_today_yesterday_and_each_older_day_come_in_turn() {
        LocalDate older = TODAY.minusDays(4);
        LocalDate oldest = TODAY.minusDays(9);
        days.changed(List.of(older, oldest));

        List<LocalDate> looked = new ArrayList<>();
        for (Instant end = now.plus(SWEEP.multipliedBy(8)); now.isBefore(end); now = now.plusSeconds(5)) {
            looked.addAll(pass(Duration.ofSeconds(8), true));
        }

        assertThat(looked.subList(0, 6)).containsExactly(TODAY, YESTERDAY, older, TODAY, YESTERDAY, oldest);
        assertThat(looked.subList(6, 9)).containsExactlyInAnyOrder(TODAY, YESTERDAY, older);
    }

    @Test
    void a_recent_day_whose_look_failed_is_unseen_and_due_again_until_one_succeeds() {
        assertThat(days.unseen(now)).containsExactly(TODAY, YESTERDAY);
        pass(Duration.ZERO, false);
        now = now.plusSeconds(5);
        assertThat(pass(Duration.ZERO, false)).containsExactly(TODAY, YESTERDAY);
        assertThat(days.unseen(now)).containsExactly(TODAY, YESTERDAY);

        now = now.plusSeconds(5);
        assertThat(pass()).containsExactly(TODAY, YESTERDAY);
        assertThat(days.unseen(now)).isEmpty();
        now = now.plusSeconds(5);
        assertThat(pass()).isEmpty();
        assertThat(days.unseen(now.plus(Duration.ofDays(1)))).containsExactly(TODAY.plusDays(1));
    }

    @Test
    void an_older_day_that_cannot_be_summed_keeps_its_turn_and_takes_none_from_the_others() {
        LocalDate broken = TODAY.minusDays(3);
        days.changed(List.of(broken, TODAY.minusDays(5), TODAY.minusDays(7)));
        List<LocalDate> looked = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            for (LocalDate day : days.due(now)) {
                days.looked(day, now, now, !day.equals(broken));
                if (day.isBefore(YESTERDAY)) {
                    looked.add(day);
                }
            }
            now = now.plus(SWEEP);
        }
        assertThat(looked).hasSize(9);
        assertThat(looked.stream().filter(broken::equals)).hasSize(3);
    }

    @Test
    void no_day_with_new_items_is_forgotten_before_it_was_looked_at() {
        List<LocalDate> many = new ArrayList<>();
        for (int i = 2; i < 100; i++) {
            many.add(TODAY.minusDays(i));
        }
        days.changed(many);
        List<LocalDate> looked = new ArrayList<>();
        for (int i = 0; i < many.size(); i++) {
            looked.addAll(older());
            days.changed(List.of(TODAY));
            now = now.plusSeconds(5);
        }
        assertThat(looked).containsExactlyInAnyOrderElementsOf(many);
    }

    @Test
    void a_day_whose_look_failed_has_its_turn_however_often_another_one_changes() {
        LocalDate failed = TODAY.minusDays(5);
        LocalDate busy = TODAY.minusDays(3);
        days.changed(List.of(failed));
        days.due(now).forEach(day -> days.looked(day, now, now, !day.equals(failed)));
        days.changed(List.of(busy));
        now = now.plus(SWEEP);
        assertThat(older()).containsExactly(busy);

        List<LocalDate> looked = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            days.changed(List.of(busy));
            now = now.plus(SWEEP);
            looked.addAll(older());
        }
        assertThat(looked).contains(failed, busy);
    }

    @Test
    void a_day_that_begins_while_a_slow_look_rests_is_looked_at_all_the_same() {
        pass();
        days.looked(TODAY, now, now.plusSeconds(30), true);
        now = TODAY.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC);
        days.looked(TODAY, now.minusSeconds(30), now, true);

        assertThat(days.rests(TODAY, now)).isTrue();
        assertThat(days.rests(TODAY.plusDays(1), now)).isFalse();
    }

    private List<LocalDate> older() {
        return pass().stream().filter(day -> day.isBefore(YESTERDAY)).toList();
    }

    /** As the check does it: after a slow look the next day waits. */
    private List<LocalDate> pass(Duration each, boolean succeeded) {
        List<LocalDate> looked = new ArrayList<>();
        for (LocalDate day : days.due(now)) {
            if (days.rests(day, now)) {
                continue;
            }
            Instant begun = now;
            now = now.plus(each);
            days.looked(day, begun, now, succeeded);
            looked.add(day);
        }
        return looked;
    }

    private List<LocalDate> pass() {
        List<LocalDate> due = days.due(now);
        due.forEach(day -> days.looked(day, now, now, true));
        return due;
    }
}
