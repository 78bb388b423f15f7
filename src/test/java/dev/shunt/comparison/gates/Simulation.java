package dev.shunt.comparison.gates;

import dev.shunt.comparison.GateFinding;
import dev.shunt.comparison.GateMode;
import dev.shunt.comparison.GateOutcome;
import dev.shunt.comparison.GateSpec;
import dev.shunt.core.WayIn;
import dev.shunt.store.GateRow;
import dev.shunt.store.GateRow.State;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** One rollout in a made-up world, judged by the gates as they are, after every so many items. */
final class Simulation {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int KEYS = 100_000;
    private static final double[] ZIPF = zipf();
    private static final double[] MILLIS = durations();
    private static final List<String> GATES =
            List.of("split", "errors", "tail", "bulk", "divergence", "completion", "p95", "mean", "activity-failures");

    /** Share of items stored by Temporal whose result is found to differ: half of what the gate allows. */
    private static final double DIFFERING = 0.0005;

    private final World world;
    private final int every;
    private final SplittableRandom random;
    private final SplittableRandom differences;
    private final long salt;
    private final List<GateSpec> specs =
            GATES.stream().map(name -> GateSpec.of(name, GateMode.ROLLBACK)).toList();
    private final Map<String, Double> peaks = new HashMap<>();
    private final Map<String, Integer> failedAt = new LinkedHashMap<>();
    final Plain plain;
    private int temporalItems;
    private long compared;
    private long differing;

    Simulation(World world, int every, long seed, boolean withPlain) {
        this.world = world;
        this.every = every;
        this.random = new SplittableRandom(seed);
        this.differences = new SplittableRandom(~seed); // apart, so that the other gates see what they saw without it
        this.salt = random.nextLong();
        this.plain = new Plain(withPlain);
    }

    /**
     * @param until stop at the first FAIL of this gate; empty: at none
     * @return for each gate that failed, after how many items on Temporal (split: keys)
     */
    Map<String, Integer> run(String until) {
        Control control = Control.NONE;
        Tally tally = new Tally(control.terms(START, false, specs));
        long item = 0;
        for (int phase = 0; phase < world.basisPoints().length; phase++) {
            int basisPoints = world.basisPoints()[phase];
            boolean alone = basisPoints > 10_000 - Control.LEAST_LEGACY;
            Instant begun = START.plusMillis(item);
            if (phase > 0) {
                control = new Control("phase " + phase, tally.counts());
                tally.begin(control.terms(begun, alone, specs));
            }
            double[] before = new double[2_000];
            for (int i = 0; i < before.length; i++) {
                before[i] = latency(random.nextDouble(), random.nextGaussian());
            }
            Arrays.sort(before);
            tally.freeze(WayIn.HTTP, new Thresholds(2_000, (long) before[999], (long) before[1_979], 0, 0, begun));
            plain.freeze(before[999], before[1_979]);
            for (int i = 1; i <= world.items(); i++, item++) {
                tally.add(row(item, basisPoints), START.plusMillis(item));
                if (i % every == 0) {
                    look(tally, control, alone, basisPoints);
                    if (failedAt.containsKey(until) && !plain.wanted()) {
                        return failedAt;
                    }
                }
            }
        }
        return failedAt;
    }

    /** What {@link #run} returned. */
    Map<String, Integer> result() {
        return failedAt;
    }

    private void look(Tally tally, Control control, boolean alone, int basisPoints) {
        tally.splitUntil(Instant.MAX);
        tally.latencies().reset(); // shown to people only, and slow to show
        var facts = new TallyFacts(tally, GateSettings.DEFAULTS, control, alone, basisPoints, 50, peaks, null);
        for (GateSpec spec : specs) {
            Facts of = facts.of(spec);
            if (spec.name().equals(GateSpec.DIVERGENCE)) {
                of.with("pairs", 0)
                        .with("verified", compared)
                        .with("differingVerified", differing)
                        .with("otherDifferingVerified", 0);
            }
            GateFinding finding = Judges.judge(spec, of);
            peaks.merge(spec.name(), TallyFacts.log(spec, of), Math::max);
            if (finding.outcome() == GateOutcome.FAIL) {
                failedAt.putIfAbsent(
                        spec.name(), spec.name().equals("split") ? (int) keysSeen(tally, basisPoints) : temporalItems);
            }
        }
        tally.looked();
        plain.look(basisPoints);
    }

    private static long keysSeen(Tally tally, int basisPoints) {
        PhaseKeys.Share share = tally.phaseKeys().at(basisPoints);
        return share.legacy() + share.temporal();
    }

    private GateRow row(long item, int basisPoints) {
        boolean own = world.keys() == World.Keying.INDEPENDENT;
        long unit = own ? item + 1 : 1 + draw();
        SplittableRandom ofKey = new SplittableRandom(salt ^ (unit * 0x9E3779B97F4A7C15L));
        int bucket = ofKey.nextInt(10_000);
        if (world.share() > 0) {
            bucket = ofKey.nextDouble() < world.share()
                    ? ofKey.nextInt(basisPoints)
                    : basisPoints + ofKey.nextInt(10_000 - basisPoints);
        }
        boolean temporal = bucket < basisPoints;
        SplittableRandom fate = world.keys() == World.Keying.ZIPF_CLUSTERED ? ofKey : random;
        boolean dead = fate.nextDouble() < (temporal ? world.temporalErrors() : world.legacyErrors());
        double micros = latency(fate.nextDouble(), random.nextGaussian() * 0.5);
        if (temporal) {
            micros *= world.everywhere() * (random.nextDouble() < world.slowShare() ? world.slowFactor() : 1);
            temporalItems++;
            compared += dead ? 0 : 1;
            differing += !dead && differences.nextDouble() < DIFFERING ? 1 : 0;
        }
        plain.add(temporal, dead, micros);
        Instant accepted = START.plusMillis(item);
        return new GateRow(
                item,
                unit,
                temporal,
                temporal,
                bucket,
                basisPoints,
                1,
                "FLAG",
                WayIn.HTTP,
                dead ? State.DEAD : State.STORED,
                accepted,
                dead ? null : accepted.plus(Duration.ofNanos((long) (micros * 1_000))),
                1);
    }

    /** The shape of the samples: how long their traces took, spread a little so that no two are equal. */
    private double latency(double which, double jitter) {
        if (world.shape() == World.Shape.LOGNORMAL) {
            return 20_000 * StrictMath.exp(0.5 * quantile(which));
        }
        return MILLIS[(int) (which * MILLIS.length)] * 1_000 * StrictMath.exp(jitter * 0.2);
    }

    /** Of the normal distribution, within 0.0005 (Abramowitz and Stegun, 26.2.23). */
    private static double quantile(double p) {
        double t = Math.sqrt(-2 * StrictMath.log(Math.max(1e-12, Math.min(p, 1 - p))));
        double z =
                t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
        return p < 0.5 ? -z : z;
    }

    private int draw() {
        int at = Arrays.binarySearch(ZIPF, random.nextDouble());
        return at < 0 ? -at - 1 : at;
    }

    private static double[] zipf() {
        double[] sums = new double[KEYS];
        double sum = 0;
        for (int i = 0; i < KEYS; i++) {
            sum += StrictMath.pow(i + 1, -1.1);
            sums[i] = sum;
        }
        for (int i = 0; i < KEYS; i++) {
            sums[i] /= sum;
        }
        return sums;
    }

    private static double[] durations() {
        try (InputStream samples =
                Objects.requireNonNull(Simulation.class.getResourceAsStream("/demo/requests.jsonl"))) {
            List<Double> millis = new ArrayList<>();
            for (String line : new String(samples.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                long first = Long.MAX_VALUE;
                long last = Long.MIN_VALUE;
                JsonNode request = new ObjectMapper().readTree(line);
                for (JsonNode span : request.path("spans")) {
                    if (span.hasNonNull("start_time") && span.hasNonNull("end_time")) {
                        first = Math.min(
                                first,
                                Instant.parse(span.path("start_time").asString())
                                        .toEpochMilli());
                        last = Math.max(
                                last,
                                Instant.parse(span.path("end_time").asString()).toEpochMilli());
                    }
                }
                if (last > first) {
                    millis.add((double) (last - first));
                }
            }
            Collections.sort(millis);
            return millis.stream().mapToDouble(each -> each).toArray();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
