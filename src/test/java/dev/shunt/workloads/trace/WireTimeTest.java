package dev.shunt.workloads.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
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
}
