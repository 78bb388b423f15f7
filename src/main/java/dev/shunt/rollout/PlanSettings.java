package dev.shunt.rollout;

import dev.shunt.comparison.CustomQuery;
import dev.shunt.comparison.GateMode;
import dev.shunt.comparison.GateSpec;
import dev.shunt.core.Percentage;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A workload's plan as it is configured, {@code shunt.rollout.plans.<workload>}. What is not given is as in
 * {@link Plan#usual()}.
 *
 * @param phases unset: 10, 50 and 100 %
 * @param gates of all phases that name none; unset: {@link Plan#USUAL_GATES}
 * @param holdback percent kept on legacy until the rollout is completed; 0..20
 * @param automaticPromotion whether a phase that has passed goes on by itself
 * @param automaticRollback whether the FAIL of a gate of mode rollback takes everything back by itself
 * @param cooldown after a rollback; 0s..30d
 * @param evaluationInterval how often gates are looked at; 1s..10m
 * @param inFlightOnRollback {@code finish}, {@code recall} or {@code wait 30s then recall}; unset: as
 *     {@code shunt.rollout.in-flight} says
 * @param keepLegacy at 100 % before the rollout can be completed; 0s..365d
 */
record PlanSettings(
        @Nullable List<PhaseSettings> phases,
        @Nullable List<GateSettings> gates,
        @DefaultValue("0") BigDecimal holdback,
        @DefaultValue("false") boolean automaticPromotion,
        @DefaultValue("true") boolean automaticRollback,
        @DefaultValue("1h") Duration cooldown,
        @DefaultValue("10s") Duration evaluationInterval,
        @Nullable String inFlightOnRollback,
        @DefaultValue("28d") Duration keepLegacy) {

    private static final BigDecimal LEAST_PERCENTAGE = new BigDecimal("0.01");
    private static final BigDecimal MOST_HELD_BACK = BigDecimal.valueOf(20);
    private static final BigDecimal ALL = BigDecimal.valueOf(100);

    /**
     * @param name unique in the plan; unset: the percentage with {@code -} for the point, for example {@code p0-5}
     * @param percentage 0.01..100, in steps of 0.01
     * @param bake 0s..90d
     * @param minimumItems items on Temporal before any gate passes; 0..1 000 000 000
     * @param gates of this phase alone; unset: the plan's
     */
    record PhaseSettings(
            @Nullable String name,
            @Nullable BigDecimal percentage,
            @DefaultValue("7d") Duration bake,
            @DefaultValue("1000") long minimumItems,
            @Nullable List<GateSettings> gates) {}

    /**
     * @param name of a gate, see {@link GateSpec#KNOWN}, or {@code custom:<name>}
     * @param mode {@code observe}, {@code hold} or {@code rollback}
     * @param limit in the gate's own unit; unset: its default
     * @param query of a custom gate
     */
    record GateSettings(
            @Nullable String name,
            @Nullable GateMode mode,
            @Nullable Double limit,
            @Nullable CustomQuery query) {}

    /** @throws IllegalArgumentException naming the key within the plan, what it was and what it may be */
    Plan plan(InFlightPolicy usualPolicy, List<GateSpec> usualGates) {
        List<GateSpec> usual = gates == null ? usualGates : specs("", gates);
        List<Phase> steps = phases == null ? Plan.usual(usual).phases() : phases(phases, usual);
        return new Plan(
                steps,
                percentage("holdback", holdback, BigDecimal.ZERO, MOST_HELD_BACK),
                automaticPromotion,
                automaticRollback,
                cooldown,
                evaluationInterval,
                inFlightOnRollback == null
                        ? usualPolicy
                        : named("in-flight-on-rollback", () -> InFlightPolicy.of(inFlightOnRollback)),
                keepLegacy);
    }

    private static List<Phase> phases(List<PhaseSettings> settings, List<GateSpec> usual) {
        List<Phase> phases = new ArrayList<>();
        for (int i = 0; i < settings.size(); i++) {
            String key = "phases[" + i + "].";
            phases.add(phase(key, settings.get(i), usual));
        }
        return phases;
    }

    private static Phase phase(String key, PhaseSettings phase, List<GateSpec> usual) {
        BigDecimal percent = phase.percentage();
        if (percent == null) {
            throw new IllegalArgumentException(key + "percentage must be set, 0.01..100");
        }
        String name = phase.name() == null
                ? "p" + percent.stripTrailingZeros().toPlainString().replace('.', '-')
                : phase.name();
        return named(
                key,
                () -> new Phase(
                        name,
                        percentage("percentage", percent, LEAST_PERCENTAGE, ALL),
                        phase.bake(),
                        phase.minimumItems(),
                        phase.gates() == null ? usual : specs("", phase.gates())));
    }

    private static List<GateSpec> specs(String key, List<GateSettings> gates) {
        List<GateSpec> specs = new ArrayList<>();
        for (int i = 0; i < gates.size(); i++) {
            GateSettings gate = gates.get(i);
            String place = key + "gates[" + i + "]";
            String name = gate.name();
            GateMode mode = gate.mode();
            if (name == null || mode == null) {
                throw new IllegalArgumentException(
                        place + " must have a name and a mode (observe, hold or rollback), had " + name + ", " + mode);
            }
            specs.add(named(place + ": ", () -> new GateSpec(name, mode, gate.limit(), gate.query())));
        }
        return specs;
    }

    private static Percentage percentage(String key, BigDecimal percent, BigDecimal least, BigDecimal most) {
        if (percent.compareTo(least) < 0 || percent.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    key + " must be " + least + ".." + most + ", was " + percent.toPlainString());
        }
        return named(key, () -> Percentage.ofPercent(percent));
    }

    private static <T> T named(String key, java.util.function.Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(
                    key + (key.endsWith(".") || key.endsWith(": ") ? "" : ": ") + wrong.getMessage(), wrong);
        }
    }
}
