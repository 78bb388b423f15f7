package dev.shunt.workloads.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireTimeTest {

    @ParameterizedTest
    @CsvSource({
        "2026-11-21T21:10:42Z, 2026-11-21T21:10:42Z, 2026-11-21T21:10:42Z",
        "2026-11-21T21:10:42.120Z, 2026-11-21T21:10:42.12Z, 2026-11-21T21:10:42.120Z",
        "2026-11-21T21:10:42.000Z, 2026-11-21T21:10:42Z, 2026-11-21T21:10:42Z",
        "2026-11-21T21:10:42+00:00, 2026-11-21T21:10:42Z, 2026-11-21T21:10:42Z",
        "2026-11-21T21:10:42-03:30, 2026-11-21T21:10:42-03:30, 2026-11-22T00:40:42Z",
        "2026-11-21T21:10:42+23:59, 2026-11-21T21:10:42+23:59, 2026-11-20T21:11:42Z",
        "2026-11-21T21:10:42.1234567899Z, 2026-11-21T21:10:42.123456789Z, 2026-11-21T21:10:42.123456789Z"
    })
    void a_time_is_written_as_go_writes_it(String sent, String written, Instant instant) {
        WireTime time = WireTime.parse(sent).orElseThrow();
        assertThat(time.text()).isEqualTo(written);
        assertThat(time.instant()).isEqualTo(instant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026-11-21",
                "2026-11-21 21:10:42Z",
                "2026-11-21T21:10:42",
                "2026-11-21t21:10:42z",
                "2026-11-21T24:00:00Z",
                "2026-11-21T21:10:60Z",
                "2026-02-29T00:00:00Z",
                "2026-11-21T21:10:42+24:00",
                "2026-11-21T21:10:42+0100",
                "2026-11-21T21:10:42,5Z",
                "2026-11-21T21:10:42.Z",
                "26-11-21T21:10:42Z",
                "٢٠٢٦-11-21T21:10:42Z"
            })
    void what_go_refuses_is_refused(String sent) {
        assertThat(WireTime.parse(sent)).isEmpty();
    }

    /** {@code Z} takes a short way, {@code +00:00} the pattern: they must not differ, whatever stands before them. */
    @Test
    void both_ways_to_read_utc_read_the_same() {
        var random = new SplittableRandom(20_261_122);
        for (int i = 0; i < 20_000; i++) {
            String local = changed(
                    String.format(
                            Locale.ROOT,
                            "%04d-%02d-%02dT%02d:%02d:%02d%s",
                            random.nextInt(10_000),
                            random.nextInt(14),
                            random.nextInt(33),
                            random.nextInt(26),
                            random.nextInt(62),
                            random.nextInt(62),
                            fraction(random)),
                    random);
            assertThat(WireTime.parse(local + "Z")).as(local).isEqualTo(WireTime.parse(local + "+00:00"));
            assertThat(WireTime.parseLeniently(local + "Z"))
                    .as(local)
                    .isEqualTo(WireTime.parseLeniently(local + "+00:00"));
        }
    }

    private static String fraction(SplittableRandom random) {
        String digits = Long.toString(random.nextLong(10_000_000_000L));
        return random.nextInt(4) == 0 ? "" : "." + digits.substring(0, random.nextInt(digits.length() + 1));
    }

    private static String changed(String text, SplittableRandom random) {
        if (random.nextInt(4) > 0) {
            return text;
        }
        int at = random.nextInt(text.length());
        return text.substring(0, at)
                + ":-T.x0\u0661".charAt(random.nextInt(7))
                + text.substring(at + random.nextInt(2));
    }
}
