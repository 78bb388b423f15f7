package dev.shunt.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.core.Item;
import dev.shunt.core.Preflight.Finding;
import dev.shunt.workloads.trace.TestTraces;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NothingMissingTest {

    private final ComparisonRig rig = new ComparisonRig();
    private final NothingMissing preflight = new NothingMissing(rig.comparisons(rig.conservation), rig.clock);

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void an_accepted_item_that_is_nowhere_fails_the_preflight_with_its_key() {
        assertThat(check()).as("before the first look").isInstanceOf(Finding.Unknown.class);
        Item lost = rig.accept(TestTraces.item("lost", rig.start.minusSeconds(60)));
        rig.conservation.look();
        assertThat(check()).isInstanceOf(Finding.Pass.class);

        rig.removeFromList(lost);
        rig.conservation.look();
        rig.clock.advance(Duration.ofSeconds(10));
        rig.conservation.look();

        assertThat(check())
                .isInstanceOfSatisfying(
                        Finding.Refused.class,
                        refused -> assertThat(refused.whatToDo())
                                .contains(
                                        "1 accepted items are nowhere, for example [" + lost.key() + "]", "find out"));
    }

    private Finding check() {
        return preflight.check(ComparisonRig.TRACE);
    }
}
