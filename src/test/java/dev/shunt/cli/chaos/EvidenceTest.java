package dev.shunt.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A round that did not do what it claims, and a plan that cannot be repeated, prove nothing. */
class EvidenceTest {

    private final Evidence evidence = new Evidence();

    @Test
    void a_fault_that_never_happened_is_held_against_the_round() {
        assertThat(evidence.complaints()).containsExactly("the fault never happened");
        evidence.done();
        assertThat(evidence.complaints()).isEmpty();
    }

    @Test
    void what_was_to_be_hit_and_never_was_is_held_against_the_round() {
        evidence.done();
        evidence.expect("cut move");
        evidence.expect("cut register");
        evidence.count("cut move", 2);
        assertThat(evidence.complaints()).containsExactly("never seen: cut register");
        assertThat(evidence.text()).isEqualTo("cut move 2, cut register 0");
    }

    @Test
    void the_same_seed_gives_the_same_plan_with_every_fault_in_each_pass() {
        List<Plan.Next> plan = plan(5);
        assertThat(plan(5)).isEqualTo(plan);
        assertThat(plan(6)).isNotEqualTo(plan);
        assertThat(plan.subList(0, 16)).extracting(Plan.Next::fault).containsExactlyInAnyOrder(Fault.values());
        assertThat(plan).allMatch(next -> next.instances() >= next.fault().leastInstances());
        assertThat(plan).extracting(Plan.Next::instances).contains(1, 2, 3);
    }

    private static List<Plan.Next> plan(long seed) {
        var plan = new Plan(List.of(Fault.values()), true, 0, seed);
        return IntStream.range(0, 96).mapToObj(round -> plan.next()).toList();
    }
}
