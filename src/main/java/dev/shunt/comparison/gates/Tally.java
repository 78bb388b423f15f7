package dev.shunt.comparison.gates;

import static dev.shunt.comparison.gates.Count.*;

import dev.shunt.core.Reason;
import dev.shunt.core.WayIn;
import dev.shunt.store.GateRow;
import dev.shunt.store.GateRow.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Counts what the items of one rollout say, item by item. Each key speaks once about each kind of trouble, with the first
 * of its items that has it: what is exchangeable between the routes is the key, not the item (docs/statistics.md).
 */
final class Tally {

    /** Decided by something else than bucket and percentage of this rollout. */
    private static final Set<String> BY_PEOPLE = names(Reason::isByPeople);

    /** Kept from Temporal by Shunt itself: no fault of Temporal's. */
    private static final Set<String> ORDERED = names(EnumSet.of(
            Reason.FENCED, Reason.CAPPED, Reason.LEASE, Reason.HELD, Reason.RECALL, Reason.STANDBY)::contains);

    private static final long DUE_AFTER = TimeUnit.MINUTES.toMicros(1);

    /** What was said already of an item that is open. */
    private static final int SAID_OVER_P99 = 1;

    private static final int SAID_OVER_MEDIAN = 2;
    private static final int SAID_DUE = 4;
    private static final int SAID_OVER_P95 = 8;

    final Evidence errors;
    final Evidence tail;
    final Evidence bulk;
    final Evidence errorsAlone;
    final Evidence tailAlone;
    final Evidence bulkAlone;
    final SplitEvidence split;
    final Evidence completion;
    final Evidence p95;
    final Evidence activityFailures;
    final MeanEvidence mean;
    private Counts counts;
    private Terms terms;
    private final Map<WayIn, Thresholds> thresholds = new EnumMap<>(WayIn.class);
    private final Latencies latencies = new Latencies();
    private final Spoken spoken;
    private final PhaseKeys phaseKeys;
    private final Deque<GateRow> undecided = new ArrayDeque<>();

    Tally(Terms terms) {
        this(terms, new Facts());
    }

    /** @param kept what {@link #values()} gave */
    Tally(Terms terms, Facts kept) {
        this.terms = terms;
        this.errors = Evidence.of(kept.blocks("errors"));
        this.tail = Evidence.of(kept.blocks("tail"));
        this.bulk = Evidence.of(kept.blocks("bulk"));
        this.errorsAlone = Evidence.of(kept.blocks("errorsAlone"));
        this.tailAlone = Evidence.of(kept.blocks("tailAlone"));
        this.bulkAlone = Evidence.of(kept.blocks("bulkAlone"));
        this.completion = Evidence.of(kept.blocks("completion"));
        this.p95 = Evidence.of(kept.blocks("p95"));
        this.activityFailures = Evidence.of(kept.blocks("activityFailures"));
        this.split = SplitEvidence.of(kept.triples("split"));
        this.mean = MeanEvidence.of(kept.numbers("mean"));
        this.counts = Counts.of(GateJson.map(kept.values().get("counts")));
        this.spoken = new Spoken(kept);
        this.phaseKeys = PhaseKeys.of(kept);
    }

    /** All that was counted, but for the latencies that are shown. */
    Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("errors", errors.cells());
        values.put("tail", tail.cells());
        values.put("bulk", bulk.cells());
        values.put("errorsAlone", errorsAlone.cells());
        values.put("tailAlone", tailAlone.cells());
        values.put("bulkAlone", bulkAlone.cells());
        values.put("completion", completion.cells());
        values.put("p95", p95.cells());
        values.put("activityFailures", activityFailures.cells());
        values.put("split", split.cells());
        values.put("mean", mean.values());
        values.put("counts", counts.values());
        values.putAll(spoken.values());
        values.putAll(phaseKeys.values());
        return values;
    }

    Terms terms() {
        return terms;
    }

    Counts counts() {
        return counts;
    }

    /** Keys of the phase, as far as {@link #splitUntil} goes. */
    PhaseKeys phaseKeys() {
        return phaseKeys;
    }

    Latencies latencies() {
        return latencies;
    }

    Map<WayIn, Thresholds> thresholds() {
        return thresholds;
    }

    /** Thresholds are set once for a phase. */
    void freeze(WayIn wayIn, Thresholds frozen) {
        thresholds.put(wayIn, frozen);
    }

    /** Begins a phase: minimums count anew, evidence runs on. */
    void begin(Terms next) {
        terms = next;
        long misrouted = counts.get(MISROUTED);
        counts = new Counts();
        counts.add(MISROUTED, misrouted);
        phaseKeys.clear();
        mean.reset();
        latencies.reset();
        thresholds.clear();
        for (Evidence each : all()) {
            each.open();
        }
    }

    private Evidence[] all() {
        return new Evidence[] {errors, tail, bulk, errorsAlone, tailAlone, bulkAlone, completion, p95, activityFailures
        };
    }

    /**
     * Takes a row in. An item comes once when it is stored or dead, and before that as often as it is found open.
     *
     * @param now for the age of what is open
     */
    void add(GateRow row, Instant now) {
        if (BY_PEOPLE.contains(row.reason())) {
            spoken.close(row.item());
            counts.add(
                    row.reason().equals(Reason.REPLAY.name()) ? REPLAYED : PINNED, row.state() == State.OPEN ? 0 : 1);
            return;
        }
        if (!spoken.isOpen(row.item())) {
            arrived(row);
        } else if (spoken.waits(row.item(), row.acceptedAt())) {
            awaitSplit(row);
        }
        int said = spoken.said(row.item());
        Instant until = row.committedAt() == null ? now : row.committedAt();
        long micros = Math.max(
                0,
                TimeUnit.NANOSECONDS.toMicros(
                        Duration.between(row.acceptedAt(), until).toNanos()));
        if (row.state() != State.DEAD) {
            said = timed(row, micros, said);
        }
        if (row.temporal() && !ORDERED.contains(row.reason())) {
            said = onTemporal(row, micros, said);
        }
        if (row.state() == State.OPEN) {
            spoken.say(row.item(), said);
        } else {
            spoken.close(row.item());
            settled(row);
        }
    }

    private void arrived(GateRow row) {
        if (row.temporal() != row.bucket() < row.basisPoints()) {
            counts.add(MISROUTED);
        }
        awaitSplit(row);
    }

    private void awaitSplit(GateRow row) {
        if (undecided.size() < Spoken.MOST_KEYS) {
            undecided.addLast(row);
        }
    }

    /** Takes in an item that was counted by who kept the evidence: only its key may still wait for the split. */
    void recall(GateRow row) {
        if (!BY_PEOPLE.contains(row.reason()) && !row.acceptedAt().isBefore(spoken.splitUntil())) {
            awaitSplit(row);
        }
    }

    /** Keys of items accepted before this are counted, if the items are. */
    Instant splitUntil() {
        return spoken.splitUntil();
    }

    /**
     * Counts the keys of items accepted before this. Later ones wait: of them only the fast are seen, and one route may be
     * faster than the other.
     */
    void splitUntil(Instant complete) {
        spoken.splitUntil(complete);
        int left = undecided.size();
        for (int i = 0; i < left; i++) {
            GateRow row = undecided.removeFirst();
            if (!row.acceptedAt().isBefore(complete)) {
                undecided.addLast(row);
            } else if (inPhase(row)) {
                phaseKeys.add(row.basisPoints(), row.unit(), row.temporal());
                if (spoken.split.add(row.unit())) {
                    split.add(row.basisPoints(), row.temporal());
                }
            }
        }
    }

    private int timed(GateRow row, long micros, int said) {
        Thresholds limit = thresholds.get(row.wayIn());
        if (limit == null || row.acceptedAt().isBefore(limit.frozenAt())) {
            return said;
        }
        boolean counted = inPhase(row);
        boolean stored = row.state() == State.STORED;
        int now = said;
        if (micros > limit.median() && (said & SAID_OVER_MEDIAN) == 0) {
            now |= SAID_OVER_MEDIAN;
            if (counted) {
                counts.add(row.temporal() ? TEMPORAL_TIMED : LEGACY_TIMED);
                counts.add(row.temporal() ? TEMPORAL_OVER_MEDIAN : LEGACY_OVER_MEDIAN);
            }
            if (spoken.bulk.add(row.unit())) {
                bulk.add(chance(row), row.temporal());
            }
            alone(bulkAlone, terms.bulk(), row, true);
        } else if (stored && (said & SAID_OVER_MEDIAN) == 0) {
            if (counted) {
                counts.add(row.temporal() ? TEMPORAL_TIMED : LEGACY_TIMED);
            }
            // the first item of its key decides what the key says of the bulk, whatever it says
            spoken.bulk.add(row.unit());
            alone(bulkAlone, terms.bulk(), row, false);
        }
        if (micros > limit.p99() && (said & SAID_OVER_P99) == 0) {
            now |= SAID_OVER_P99;
            if (counted) {
                counts.add(row.temporal() ? TEMPORAL_OVER_P99 : LEGACY_OVER_P99);
            }
            if (spoken.tail.add(row.unit())) {
                tail.add(chance(row), row.temporal());
            }
            alone(tailAlone, terms.tail(), row, true);
        } else if (stored && (said & SAID_OVER_P99) == 0) {
            alone(tailAlone, terms.tail(), row, false);
        }
        if (stored && counted) {
            latencies.add(row.temporal(), row.wayIn(), micros);
        }
        return now;
    }

    private int onTemporal(GateRow row, long micros, int said) {
        boolean counted = inPhase(row);
        boolean settled = row.state() != State.OPEN;
        int now = said;
        if ((settled || micros > DUE_AFTER) && (said & SAID_DUE) == 0) {
            now |= SAID_DUE;
            boolean missed = row.state() != State.STORED || !row.onTemporal() || micros > DUE_AFTER;
            completion.add(1 - terms.completion(), missed);
            if (counted) {
                counts.add(DUE);
                counts.add(MISSED, missed ? 1 : 0);
            }
        }
        boolean late = micros > terms.p95();
        if (row.state() != State.DEAD && (row.state() == State.STORED || late) && (said & SAID_OVER_P95) == 0) {
            now |= SAID_OVER_P95;
            p95.add(0.05, late);
            if (counted) {
                counts.add(P95_KNOWN);
                counts.add(P95_OVER, late ? 1 : 0);
            }
        }
        if (settled && row.onTemporal() && row.attempts() > 0) {
            activityFailures.add(terms.activityFailures(), row.attempts() - 1, 1);
            if (counted) {
                counts.add(TRIES, row.attempts());
                counts.add(FAILED_TRIES, row.attempts() - 1);
            }
        }
        if (row.state() == State.STORED) {
            mean.add((double) micros, terms.mean());
        }
        return now;
    }

    private void settled(GateRow row) {
        boolean dead = row.state() == State.DEAD;
        if (inPhase(row)) {
            counts.add(row.temporal() ? TEMPORAL_SETTLED : LEGACY_SETTLED);
            if (dead) {
                counts.add(row.temporal() ? TEMPORAL_DEAD : LEGACY_DEAD);
            }
        }
        if (dead && spoken.errors.add(row.unit())) {
            errors.add(chance(row), row.temporal());
        }
        alone(errorsAlone, terms.errors(), row, dead);
    }

    private void alone(Evidence evidence, double allowed, GateRow row, boolean hit) {
        if (terms.alone() && row.temporal() && inPhase(row)) {
            evidence.add(allowed, hit);
        }
    }

    private static Set<String> names(Predicate<Reason> which) {
        return Arrays.stream(Reason.values()).filter(which).map(Reason::name).collect(Collectors.toUnmodifiableSet());
    }

    private boolean inPhase(GateRow row) {
        return !row.acceptedAt().isBefore(terms.startedAt());
    }

    private static double chance(GateRow row) {
        return row.basisPoints() / 10_000.0;
    }

    /** To be called after each look. */
    void looked() {
        for (Evidence each : all()) {
            each.looked();
        }
    }
}
