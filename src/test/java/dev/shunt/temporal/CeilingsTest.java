package dev.shunt.temporal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.temporal.Ceilings.Permit;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CeilingsTest {

    private final SettableClock clock = new SettableClock();

    private Ceilings ceilings(TemporalRig.Settings settings) {
        return new Ceilings(settings.build(), clock);
    }

    private static TemporalRig.Settings settings() {
        return TemporalRig.settings("127.0.0.1:1");
    }

    @Test
    void without_ceilings_everything_may_start() {
        Ceilings ceilings = ceilings(settings());

        for (int i = 0; i < 10_000; i++) {
            assertThat(ceilings.enter("w" + i)).isPresent();
        }
    }

    @Test
    void no_more_start_in_one_second_than_allowed() {
        Ceilings ceilings = ceilings(settings().perSecond(2));
        int entered = 0;
        for (int i = 0; i < 100; i++) {
            entered += ceilings.enter("w" + i).isPresent() ? 1 : 0;
        }

        assertThat(entered).as("a second may end during the loop").isBetween(2, 4);
        clock.advance(Duration.ofSeconds(1));
        assertThat(ceilings.enter("next")).isPresent();
    }

    @Test
    void a_place_is_free_again_when_its_workflow_closes_or_was_not_started() {
        Ceilings ceilings = ceilings(settings().inFlight(1));
        Optional<Permit> first = ceilings.enter("first");
        assertThat(ceilings.enter("second")).isEmpty();

        first.orElseThrow().giveBack();
        assertThat(ceilings.enter("second")).isPresent();
        ceilings.closed("second");

        assertThat(ceilings.openNow()).isZero();
    }

    @Test
    void giving_back_a_second_permit_leaves_the_first_its_place() {
        Ceilings ceilings = ceilings(settings().inFlight(1));
        ceilings.enter("same");

        ceilings.enter("same").orElseThrow().giveBack();

        assertThat(ceilings.enter("other")).isEmpty();
    }

    @Test
    void a_workflow_that_nobody_hears_of_frees_its_place_in_the_end() {
        Ceilings ceilings = ceilings(settings().inFlight(1));
        ceilings.enter("elsewhere");

        clock.advance(Duration.ofMinutes(11));

        assertThat(ceilings.enter("next")).isPresent();
    }

    @Test
    void workflows_that_close_elsewhere_are_forgotten_also_without_a_ceiling() {
        Ceilings ceilings = ceilings(settings());
        for (int i = 0; i < 1_000; i++) {
            ceilings.enter("elsewhere" + i);
        }

        clock.advance(Duration.ofMinutes(11));
        ceilings.enter("next");

        assertThat(ceilings.openNow()).isEqualTo(1);
    }

    @Test
    void the_in_memory_server_takes_32_at_a_time_and_20000_in_all() {
        Ceilings ceilings = ceilings(settings().inMemory());
        for (int i = 0; i < 32; i++) {
            assertThat(ceilings.enter("w" + i)).isPresent();
        }
        assertThat(ceilings.enter("w32")).isEmpty();

        for (int i = 0; i < 32; i++) {
            ceilings.closed("w" + i);
        }
        for (int i = 0; i < 20_000; i++) {
            ceilings.started();
        }
        assertThat(ceilings.exhausted()).isTrue();
        assertThat(ceilings.enter("one more")).isEmpty();
    }
}
