package dev.shunt.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.intake.Admission.Room;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class AdmissionTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void requests_above_the_ceiling_find_no_room_until_one_ends() {
        var admission = admission(2, 64);
        Room first = admission.enter(10).orElseThrow();
        Room second = admission.enter(10).orElseThrow();

        assertThat(admission.enter(10)).isEmpty();
        assertThat(meters.get("shunt.door.full").counter().count()).isEqualTo(1);

        first.close();
        Room third = admission.enter(10).orElseThrow();
        second.close();
        third.close();
        assertThat(meters.get("shunt.door.free").gauge().value()).isEqualTo(2);
    }

    @Test
    void bodies_share_the_bytes_and_one_of_unknown_length_counts_as_the_largest() {
        var admission = admission(100, 10);
        Room unknown = admission.enter(-1).orElseThrow();
        Room nine = admission.enter(4_000).orElseThrow();

        assertThat(admission.enter(4_000)).isEmpty();

        unknown.close();
        assertThat(admission.enter(4_000)).isPresent();
        nine.close();
    }

    @Test
    void a_ceiling_below_one_body_is_refused_by_name() {
        assertThatThrownBy(() -> new DoorSettings(DataSize.ofMegabytes(5), 1, DataSize.ofMegabytes(1)))
                .hasMessageContaining("shunt.door.max-in-hand");
    }

    private Admission admission(int requests, long kilobytes) {
        return new Admission(
                new DoorSettings(DataSize.ofKilobytes(6), requests, DataSize.ofKilobytes(kilobytes)), meters);
    }
}
