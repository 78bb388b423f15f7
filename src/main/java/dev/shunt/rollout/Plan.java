package dev.shunt.rollout;

import dev.shunt.comparison.GateMode;
import dev.shunt.comparison.GateSpec;
import dev.shunt.core.Percentage;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * How a workload is rolled out.
 *
 * @param phases in their order, percentages strictly rising, the last one at 100 %
 * @param holdback share kept on legacy also at 100 %, as a control, until the rollout is completed; 0..20 %
 * @param automaticPromotion whether a phase that has passed goes on by itself
 * @param automaticRollback whether the FAIL of a gate of mode rollback takes everything back by itself; otherwise it holds
 * @param cooldown how long after a rollback none can be started without a typed reason; 0s..30d
 * @param evaluationInterval how often gates are looked at; 1s..10m
 * @param inFlight what becomes of items on Temporal at a rollback
 * @param keepLegacy how long the legacy route is kept at 100 % before the rollout can be completed; 0s..365d
 */
public record Plan(
        List<Phase> phases,
        Percentage holdback,
        boolean automaticPromotion,
        boolean automaticRollback,
        Duration cooldown,
        Duration evaluationInterval,
        InFlightPolicy inFlight,
        Duration keepLegacy) {

    /** The gates of every phase that names none of its own. */
    public static final List<GateSpec> USUAL_GATES = List.of(
            GateSpec.of(GateSpec.SPLIT, GateMode.HOLD),
            GateSpec.of(GateSpec.ERRORS, GateMode.ROLLBACK),
            GateSpec.of(GateSpec.DIVERGENCE, GateMode.ROLLBACK),
            GateSpec.of(GateSpec.COMPLETION, GateMode.ROLLBACK),
            GateSpec.of(GateSpec.ACTIVITY_FAILURES, GateMode.ROLLBACK),
            GateSpec.of(GateSpec.TAIL, GateMode.HOLD),
            GateSpec.of(GateSpec.BULK, GateMode.OBSERVE),
            GateSpec.of(GateSpec.P95, GateMode.HOLD),
            GateSpec.of(GateSpec.MEAN, GateMode.HOLD));

    static final Duration USUAL_BAKE = Duration.ofDays(7);
    static final long USUAL_ITEMS = 1_000;

    private static final Percentage MOST_HELD_BACK = new Percentage(2_000);

    public Plan {
        phases = List.copyOf(phases);
        if (phases.isEmpty()) {
            throw new IllegalArgumentException("phases must hold one phase at least");
        }
        for (int i = 0; i < phases.size(); i++) {
            checkPhase(phases, i);
        }
        if (!phases.getLast().percentage().equals(Percentage.ALL)) {
            throw new IllegalArgumentException("phases[" + (phases.size() - 1)
                    + "].percentage must be 100, the last phase sends everything to Temporal, was "
                    + phases.getLast().percentage());
        }
        if (holdback.basisPoints() > MOST_HELD_BACK.basisPoints()) {
            throw new IllegalArgumentException("holdback must be 0..20, was " + holdback);
        }
        between("cooldown", cooldown, Duration.ZERO, Duration.ofDays(30));
        between("evaluation-interval", evaluationInterval, Duration.ofSeconds(1), Duration.ofMinutes(10));
        between("keep-legacy", keepLegacy, Duration.ZERO, Duration.ofDays(365));
    }

    /**
     * 10, 50 and 100 %, a week each, then four weeks until legacy may go.
     *
     * @param gates of every phase
     */
    public static Plan usual(List<GateSpec> gates) {
        return new Plan(
                List.of(usual("ten", 1_000, gates), usual("fifty", 5_000, gates), usual("hundred", 10_000, gates)),
                Percentage.ZERO,
                false,
                true,
                Duration.ofHours(1),
                Duration.ofSeconds(10),
                InFlightPolicy.FINISH,
                Duration.ofDays(28));
    }

    /** The same plan with another fate for what is on Temporal. */
    Plan with(InFlightPolicy policy) {
        return new Plan(
                phases,
                holdback,
                automaticPromotion,
                automaticRollback,
                cooldown,
                evaluationInterval,
                policy,
                keepLegacy);
    }

    public Phase first() {
        return phases.getFirst();
    }

    public Optional<Phase> phase(String name) {
        return phases.stream().filter(phase -> phase.name().equals(name)).findFirst();
    }

    /** The phase after this one; empty after the last, and if the plan does not know it. */
    public Optional<Phase> after(String name) {
        for (int i = 0; i < phases.size() - 1; i++) {
            if (phases.get(i).name().equals(name)) {
                return Optional.of(phases.get(i + 1));
            }
        }
        return Optional.empty();
    }

    public boolean isLast(String name) {
        return phases.getLast().name().equals(name);
    }

    /** What the flag is set to in a phase: its percentage, less what is held back. */
    public Percentage target(Phase phase) {
        int most = Percentage.SCALE - holdback.basisPoints();
        return new Percentage(Math.min(phase.percentage().basisPoints(), most));
    }

    /** Changes whenever anything in the plan does: a rollout goes on with the plan that it was started with. */
    public String hash() {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException("this Java has no SHA-256", everyJavaHasIt);
        }
    }

    private static Phase usual(String name, int basisPoints, List<GateSpec> gates) {
        return new Phase(name, new Percentage(basisPoints), USUAL_BAKE, USUAL_ITEMS, gates);
    }

    private static void checkPhase(List<Phase> phases, int i) {
        Phase phase = phases.get(i);
        if (i > 0) {
            Percentage before = phases.get(i - 1).percentage();
            if (phase.percentage().basisPoints() <= before.basisPoints()) {
                throw new IllegalArgumentException("phases[" + i + "].percentage must be greater than the one before ("
                        + before + "), was " + phase.percentage());
            }
        }
        if (phases.subList(0, i).stream().anyMatch(other -> other.name().equals(phase.name()))) {
            throw new IllegalArgumentException(
                    "phases[" + i + "].name must be unique, '" + phase.name() + "' is there twice");
        }
    }

    private static void between(String key, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(key + " must be " + least + ".." + most + ", was " + value);
        }
    }
}
