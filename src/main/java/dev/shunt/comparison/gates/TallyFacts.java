package dev.shunt.comparison.gates;

import static dev.shunt.comparison.gates.Count.*;

import dev.shunt.comparison.GateSpec;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Puts the facts for a judge together from what was counted.
 *
 * @param tally what was counted
 * @param settings how sure to be
 * @param control what to hold Temporal against when legacy has no share
 * @param alone whether it has none
 * @param basisPoints in force, which is the phase's unless it was lowered by hand
 * @param minimum items on Temporal that the plan asks for
 * @param peaks by gate, the logarithm of its greatest e-value so far
 * @param stale why nothing may be judged; null if it may
 */
record TallyFacts(
        Tally tally,
        GateSettings settings,
        Control control,
        boolean alone,
        int basisPoints,
        long minimum,
        Map<String, Double> peaks,
        @Nullable String stale) {

    Facts of(GateSpec spec) {
        Counts counts = tally.counts();
        Facts facts = common(spec, counts.get(TEMPORAL_SETTLED));
        return switch (spec.name()) {
            case GateSpec.ERRORS ->
                cohort(spec, facts, LEGACY_SETTLED, TEMPORAL_SETTLED, LEGACY_DEAD, TEMPORAL_DEAD)
                        .with("blocks", tally.errors.cells())
                        .with("aloneBlocks", tally.errorsAlone.cells());
            case GateSpec.TAIL ->
                latency(
                        cohort(spec, facts, LEGACY_TIMED, TEMPORAL_TIMED, LEGACY_OVER_P99, TEMPORAL_OVER_P99)
                                .with("blocks", tally.tail.cells())
                                .with("aloneBlocks", tally.tailAlone.cells()),
                        true);
            case GateSpec.BULK ->
                latency(
                        cohort(spec, facts, LEGACY_TIMED, TEMPORAL_TIMED, LEGACY_OVER_MEDIAN, TEMPORAL_OVER_MEDIAN)
                                .with("blocks", tally.bulk.cells())
                                .with("aloneBlocks", tally.bulkAlone.cells()),
                        false);
            case GateSpec.SPLIT -> {
                PhaseKeys.Share share = tally.phaseKeys().at(basisPoints);
                yield facts.with("misrouted", counts.get(MISROUTED))
                        .with("keys", tally.split.cells())
                        .with("basisPoints", basisPoints)
                        .with("legacy", share.legacy())
                        .with("temporal", share.temporal())
                        .with("itemsOfKeys", share.items());
            }
            case GateSpec.COMPLETION -> limit(facts, DUE, MISSED, tally.completion);
            case GateSpec.P95 -> limit(facts, P95_KNOWN, P95_OVER, tally.p95);
            case GateSpec.ACTIVITY_FAILURES -> limit(facts, TRIES, FAILED_TRIES, tally.activityFailures);
            case GateSpec.MEAN -> facts.with("mean", tally.mean.values());
            default -> facts;
        };
    }

    /** What every judge knows. */
    Facts common(GateSpec spec, long items) {
        return new Facts()
                .with("alpha", settings.alpha(spec.name()))
                .with("peak", peaks.getOrDefault(spec.name(), 0.0))
                .with("minimum", minimum)
                .with("items", items)
                .with("stale", stale);
    }

    private Facts cohort(GateSpec spec, Facts facts, Count legacy, Count temporal, Count legacyHits, Count hits) {
        Counts held = alone ? control.counts() : tally.counts();
        facts.with("legacy", held.get(legacy))
                .with("legacyHits", held.get(legacyHits))
                .with("temporal", tally.counts().get(temporal))
                .with("temporalHits", tally.counts().get(hits))
                .with("margin", Control.margin(spec));
        if (alone) {
            facts.with("alone", true)
                    .with("allowed", control.allowed(spec))
                    .with("basis", control.known() ? "(frozen in phase " + control.phase() + ")" : null);
        }
        return facts;
    }

    private Facts latency(Facts facts, boolean tail) {
        if (tally.thresholds().isEmpty()) {
            return facts.with(
                    "noThreshold",
                    "fewer than " + Words.count(GateSettings.leastThresholdItems())
                            + " items of one way in were seen on legacy, too few to know how long it takes");
        }
        facts.with(
                "thresholds",
                tally.thresholds().entrySet().stream()
                        .map(way -> Words.millis(
                                        tail
                                                ? way.getValue().p99()
                                                : way.getValue().median())
                                + (tally.thresholds().size() > 1 ? " (" + way.getKey() + ")" : ""))
                        .collect(Collectors.joining(" or ")));
        facts.with(
                "frozen",
                tally.thresholds().entrySet().stream()
                        .collect(Collectors.toMap(
                                way -> way.getKey().name(),
                                way -> way.getValue().values())));
        return tally.latencies().show(facts);
    }

    private Facts limit(Facts facts, Count trials, Count hits, Evidence evidence) {
        return facts.with("trials", tally.counts().get(trials))
                .with("hits", tally.counts().get(hits))
                .with("blocks", evidence.cells());
    }

    /** The logarithm of a gate's e-value at this look; 0 for gates that have none. */
    static double log(GateSpec spec, Facts facts) {
        return switch (spec.name()) {
            case GateSpec.ERRORS, GateSpec.TAIL, GateSpec.BULK -> CohortJudge.log(facts);
            case GateSpec.SPLIT -> SplitEvidence.of(facts.triples("keys")).log();
            case GateSpec.DIVERGENCE -> DivergenceJudge.log(spec, facts);
            case GateSpec.MEAN -> MeanEvidence.of(facts.numbers("mean")).log();
            case GateSpec.COMPLETION, GateSpec.P95, GateSpec.ACTIVITY_FAILURES ->
                Evidence.of(facts.blocks("blocks")).log();
            default -> 0;
        };
    }
}
