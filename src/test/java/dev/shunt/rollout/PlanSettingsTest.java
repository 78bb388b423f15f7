package dev.shunt.rollout;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.shunt.comparison.GateMode;
import dev.shunt.comparison.GateSpec;
import dev.shunt.core.Percentage;
import dev.shunt.core.Workload;
import dev.shunt.routing.TestRouters;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ClassPathResource;

class PlanSettingsTest {

    private static final Workload TRACE = new Workload("trace");

    @Test
    void without_a_word_it_is_the_plan_of_the_runbook() {
        Plan plan = plans(Map.of()).of(TRACE);
        assertThat(plan.phases()).extracting(Phase::name).containsExactly("ten", "fifty", "hundred");
        assertThat(plan.phases()).allMatch(phase -> phase.bake().toDays() == 7);
        assertThat(plan.keepLegacy().toDays()).isEqualTo(28);
        assertThat(plan.automaticPromotion()).isFalse();
        assertThat(plan.automaticRollback()).isTrue();
        assertThat(plan.cooldown()).isEqualTo(Duration.ofHours(1));
        assertThat(plan.evaluationInterval()).isEqualTo(Duration.ofSeconds(10));
        assertThat(plan.holdback()).isEqualTo(Percentage.ZERO);
        assertThat(plan.inFlight()).isEqualTo(InFlightPolicy.FINISH);
        assertThat(plan.phases())
                .extracting(phase -> phase.percentage().basisPoints())
                .containsExactly(1_000, 5_000, 10_000);
        assertThat(plan.phases()).allMatch(phase -> phase.minimumItems() == 1_000);
        assertThat(plan.phases()).allSatisfy(PlanSettingsTest::hasTheGatesOfTheRunbook);
    }

    @Test
    void a_plan_that_names_one_key_keeps_the_rest_of_the_usual_one() {
        assertThat(plans(Map.of("keep-legacy", "28d")).of(TRACE))
                .isEqualTo(plans(Map.of()).of(TRACE));
    }

    private static void hasTheGatesOfTheRunbook(Phase phase) {
        assertThat(phase.gates())
                .extracting(GateSpec::name, GateSpec::mode, GateSpec::effectiveLimit)
                .containsExactlyInAnyOrder(
                        tuple("split", GateMode.HOLD, 0.05),
                        tuple("errors", GateMode.ROLLBACK, 0.01),
                        tuple("divergence", GateMode.ROLLBACK, 0.001),
                        tuple("completion", GateMode.ROLLBACK, 0.99),
                        tuple("activity-failures", GateMode.ROLLBACK, 0.01),
                        tuple("tail", GateMode.HOLD, 0.03),
                        tuple("bulk", GateMode.OBSERVE, 0.6),
                        tuple("p95", GateMode.HOLD, 5.0),
                        tuple("mean", GateMode.HOLD, 5.0));
        assertThat(phase.gates()).extracting(GateSpec::name).containsAll(GateSpec.KNOWN.keySet());
    }

    @Test
    void the_plan_of_the_demo_goes_through_by_itself_in_seconds_with_every_usual_gate() throws IOException {
        PropertySource<?> file = new YamlPropertySourceLoader()
                .load("demo", new ClassPathResource("application-demo-plan.yaml"))
                .getFirst();
        Plan plan =
                checked(requireNonNull(ConfigurationPropertySource.from(file))).of(TRACE);
        assertThat(plan.phases())
                .extracting(Phase::name, phase -> phase.percentage().basisPoints(), Phase::minimumItems)
                .containsExactly(tuple("ten", 1_000, 20L), tuple("fifty", 5_000, 50L), tuple("hundred", 10_000, 50L));
        assertThat(plan.phases()).allMatch(phase -> phase.bake().equals(Duration.ofSeconds(10)));
        assertThat(plan.phases()).allSatisfy(PlanSettingsTest::hasTheGatesOfTheRunbook);
        assertThat(plan.automaticPromotion()).isTrue();
        assertThat(plan.automaticRollback()).isTrue();
        assertThat(plan.cooldown()).isEqualTo(Duration.ofSeconds(10));
        assertThat(plan.evaluationInterval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(plan.inFlight().toString()).isEqualTo("wait 5s then recall");
        assertThat(plan.keepLegacy()).isZero();
    }

    @Test
    void half_a_percent_and_a_holdback_are_taken() {
        Plan plan = plans(Map.of(
                        "phases[0].percentage", "0.5",
                        "phases[0].bake", "1h",
                        "phases[1].percentage", "100",
                        "phases[1].gates[0].name", "errors",
                        "phases[1].gates[0].mode", "hold",
                        "holdback", "2.5",
                        "in-flight-on-rollback", "wait 30s then recall"))
                .of(TRACE);
        assertThat(plan.first().name()).isEqualTo("p0-5");
        assertThat(plan.target(plan.first())).isEqualTo(new Percentage(50));
        assertThat(plan.target(plan.phases().getLast())).isEqualTo(new Percentage(9_750));
        assertThat(plan.phases().getLast().gates()).hasSize(1);
        assertThat(plan.inFlight().toString()).isEqualTo("wait 30s then recall");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "phases[0].percentage=10;phases[1].percentage=10 | phases[1].percentage must be greater than the one before (10 %), was 10 %",
                "phases[0].percentage=10                         | phases[0].percentage must be 100",
                "phases[0].percentage=0                          | percentage must be 0.01..100, was 0",
                "phases[0].percentage=10.001                     | percentage must have at most two decimals",
                "phases[0].percentage=10;phases[0].name=a;phases[1].percentage=100;phases[1].name=a | name must be unique",
                "phases[0].name=a                                | phases[0].percentage must be set",
                "phases[0].percentage=100;phases[0].bake=91d     | bake must be 0s..90d",
                "gates[0].name=speed;gates[0].mode=hold          | gates[0]: gate must be one of",
                "gates[0].name=errors                            | gates[0] must have a name and a mode",
                "gates[0].name=errors;gates[0].mode=observe      | one at least that is not of mode observe",
                "gates[0].name=errors;gates[0].mode=hold;gates[1].name=errors;gates[1].mode=hold | each be named once",
                "holdback=21                                     | holdback must be 0..20",
                "cooldown=31d                                    | cooldown must be",
                "evaluation-interval=10ms                        | evaluation-interval must be",
                "in-flight-on-rollback=later                     | in-flight-on-rollback: must be 'finish'",
                "in-flight-on-rollback=wait 2h then recall       | in-flight-on-rollback: the wait before a recall must be 0s..1h",
            })
    void a_wrong_plan_is_refused_with_its_key(String settings, String message) {
        var keys = new HashMap<String, String>();
        for (String setting : settings.split(";")) {
            String[] pair = setting.split("=", 2);
            keys.put(pair[0], pair[1].strip());
        }
        assertThatThrownBy(() -> plans(keys))
                .hasMessageStartingWith("shunt.rollout.plans.trace.")
                .hasMessageContaining(message);
    }

    @Test
    void a_plan_for_no_workload_is_refused() {
        var settings = new MapConfigurationPropertySource(Map.of("shunt.rollout.plans.score.holdback", "1"));
        assertThatThrownBy(() -> checked(settings))
                .hasMessageContaining("shunt.rollout.plans.score")
                .hasMessageContaining("[trace]");
    }

    @ParameterizedTest
    @CsvSource({"in-flight,recall", "in-flight,wait 30s then recall", "recall-on-rollback,true"})
    void a_plan_tells_of_what_is_on_temporal_what_the_setting_for_all_says_unless_it_says_it_itself(
            String key, String value) {
        var all = Map.of("shunt.rollout." + key, value);
        InFlightPolicy expected = key.equals("in-flight") ? InFlightPolicy.of(value) : InFlightPolicy.RECALL;
        assertThat(checked(new MapConfigurationPropertySource(all)).of(TRACE).inFlight())
                .isEqualTo(expected);

        var planned = new HashMap<String, String>(all);
        planned.put("shunt.rollout.plans.trace.keep-legacy", "7d");
        assertThat(checked(new MapConfigurationPropertySource(planned))
                        .of(TRACE)
                        .inFlight())
                .isEqualTo(expected);

        planned.put("shunt.rollout.plans.trace.in-flight-on-rollback", "finish");
        assertThat(checked(new MapConfigurationPropertySource(planned))
                        .of(TRACE)
                        .inFlight())
                .isEqualTo(InFlightPolicy.FINISH);
    }

    private static Plans plans(Map<String, String> keys) {
        var prefixed = new HashMap<String, String>();
        keys.forEach((key, value) -> prefixed.put("shunt.rollout.plans.trace." + key, value));
        return checked(new MapConfigurationPropertySource(prefixed));
    }

    private static Plans checked(ConfigurationPropertySource source) {
        var binder = new Binder(source);
        RolloutSettings settings =
                binder.bind("shunt.rollout", RolloutSettings.class).orElseGet(() -> new RolloutSettings(null));
        InFlightSettings inFlight =
                binder.bind("shunt.rollout", InFlightSettings.class).orElseGet(() -> new InFlightSettings(null, false));
        return Plans.checked(settings, inFlight.policy(), TestRouters.CATALOG, new SettableGates());
    }
}
