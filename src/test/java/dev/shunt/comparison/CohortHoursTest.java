package dev.shunt.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.store.CohortReads.Moment;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Sums of whole hours: when they are read, and when not. */
class CohortHoursTest extends CohortsSuite {

    @Test
    void hours_are_read_where_all_of_one_is_in_the_window_and_none_of_it_changed() {
        var ledger = new RandomLedger(sql, new SplittableRandom(3));
        ledger.grow(200, DAY, END);
        sql.sql("update ledger set changed_at = changed_at - interval '1 hour'").update();
        updateAll();
        // a lie that only the hours tell: 22:00 to 02:00 are the full ones of 21:30 to 02:30
        sql.sql("update cohort_hour set duplicates = duplicates + 1000000").update();

        long lies = lies(DAY, END);
        assertThat(lies).isEqualTo(cohorts("22:00", "02:00"));
        assertThat(lies(DAY.plusSeconds(1_801), END)).isEqualTo(cohorts("23:00", "02:00"));
        assertThat(lies(DAY, END.minusSeconds(1_801))).isEqualTo(cohorts("22:00", "01:00"));
        assertThat(lies(DAY.plusSeconds(1_860), DAY.plusSeconds(5_400)))
                .as("no full hour")
                .isZero();
        assertThat(reported(DAY, END, Moment::minutes).values())
                .allMatch(way -> way.duplicates() < 1_000_000, "minutes tell no lie");

        sql.sql("update ledger set changed_at = clock_timestamp() where accepted_at < ?")
                .param(DAY.plus(Duration.ofHours(1)).atOffset(ZoneOffset.UTC))
                .update();
        assertThat(lies(DAY, END)).as("22:00 has changed").isEqualTo(cohorts("23:00", "02:00"));
        updateAll();
        assertThat(lies(DAY, END)).as("and is summed up anew").isEqualTo(cohorts("23:00", "02:00"));
    }

    @Test
    void hours_of_before_are_forgotten_with_the_mark_and_younger_ones_wait() {
        var ledger = new RandomLedger(sql, new SplittableRandom(4));
        ledger.grow(30, DAY, END);
        updateAll();
        sql.sql("truncate cohort_minute, cohort_mark, cohort_stale, ledger").update();
        Instant now = Instant.now();
        ledger.grow(30, now.minusSeconds(120), now);
        updateAll();

        assertThat(sql.sql("select count(*) from cohort_hour").query(Long.class).single())
                .isZero();
        assertThat(sql.sql("select sum(accepted) from cohort_minute")
                        .query(Long.class)
                        .single())
                .isPositive();
        assertThat(sql.sql("select count(*) from cohort_hour_due")
                        .query(Long.class)
                        .single())
                .isPositive();
    }

    /** How many sums of hours were read that are a million too high. */
    private long lies(Instant from, Instant until) {
        return reported(from, until, Moment::hours).values().stream()
                .mapToLong(way -> way.duplicates() / 1_000_000)
                .sum();
    }

    private long cohorts(String from, String until) {
        return sql.sql("""
                        select count(*) from cohort_hour where hour >= ?::timestamptz and hour < ?::timestamptz
                        """).params(at(from), at(until)).query(Long.class).single();
    }

    private static String at(String time) {
        return (time.startsWith("0") ? "2026-11-21T" : "2026-11-20T") + time + ":00Z";
    }
}
