package dev.shunt.comparison.gates;

import dev.shunt.comparison.QuantileInterval;
import dev.shunt.core.WayIn;
import dev.shunt.core.Workload;
import dev.shunt.store.GateReads;
import dev.shunt.store.GateReads.Scope;
import dev.shunt.store.GateRecords;
import dev.shunt.store.GateRow;
import dev.shunt.store.LedgerReports;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads on in the ledger from where it stopped. Each look costs what was stored since the one before, however many items
 * the rollout has. Transactions show when they commit, which is later than the time in their rows: each look goes back a
 * little and leaves out what it knows, and every half minute one goes back further.
 */
final class LedgerReading {

    private static final Duration BACK = Duration.ofSeconds(5);
    private static final Duration FAR_BACK = Duration.ofMinutes(2);
    private static final Duration LONGEST_SPLIT = Duration.ofMinutes(10);
    private static final Duration OFTEN = Duration.ofSeconds(30);
    private static final long PATIENCE_NANOS = Duration.ofMillis(700).toNanos();
    private static final int OPEN_AT_ONCE = 10_000;

    private final Scope scope;
    private final GateReads reads;
    private final LedgerReports ledger;
    private final Map<Long, Instant> known = new LinkedHashMap<>();
    private Duration step = Duration.ofMinutes(1);
    private Instant wentFarBack = Instant.EPOCH;
    private Instant freezeFrom = Instant.EPOCH;
    private String frozenFor = "";

    LedgerReading(Scope scope, GateReads reads, LedgerReports ledger) {
        this.scope = scope;
        this.reads = reads;
        this.ledger = ledger;
    }

    Scope scope() {
        return scope;
    }

    /**
     * Takes in what is new.
     *
     * @return why it may not be judged yet: more is to be read than one look takes; null if it may
     * @throws dev.shunt.core.UnavailableException if Postgres cannot be read; what was taken in stays
     */
    @Nullable
    String read(Progress progress) {
        recall(progress);
        Instant now = reads.now();
        Instant copied = ledger.copiedUntil(scope.workload());
        List<GateRow> open = reads.open(scope, OPEN_AT_ONCE);
        long start = System.nanoTime();
        while (progress.cursor.isBefore(now) && System.nanoTime() - start < PATIENCE_NANOS) {
            Instant end = progress.cursor.plus(step);
            settled(progress, end.isBefore(now) ? end : now);
        }
        if (progress.cursor.isBefore(now)) {
            return "the ledger is still being read, up to " + progress.cursor;
        }
        for (GateRow row : open) {
            if (!known.containsKey(row.item())) {
                progress.tally.add(row, now);
                newest(progress, row.acceptedAt());
            }
        }
        boolean all = open.size() < OPEN_AT_ONCE;
        Instant oldestLeft = all ? copied : open.getLast().acceptedAt();
        progress.tally.splitUntil(oldestLeft.isBefore(copied) ? oldestLeft : copied);
        progress.tally.looked();
        return null;
    }

    /** Which items were counted: enough for another instance to go on. */
    Recall counted(Progress progress) {
        return Recall.of(known, progress.cursor, FAR_BACK);
    }

    /**
     * Before the first look on what another instance kept: finds out which of the items before the cursor it had counted.
     * Those of them whose key waits for the split wait on; the others of that time are taken in by the look.
     */
    private void recall(Progress progress) {
        Recall before = progress.recall;
        if (before == null) {
            return;
        }
        Instant cursor = progress.cursor;
        Instant back = cursor.minus(FAR_BACK);
        Instant waiting = latest(progress.tally.splitUntil(), cursor.minus(LONGEST_SPLIT));
        Instant first = waiting.isBefore(back) ? waiting : back;
        Instant since = before.since();
        List<GateRow> all = first.isBefore(since) ? reads.settled(scope, first, since) : List.of();
        List<GateRow> some = reads.settled(scope, latest(first, since), cursor);
        before.items().forEach(item -> known.put(item, cursor));
        all.forEach(row -> known.put(row.item(), cursor));
        for (GateRow row : Stream.concat(all.stream(), some.stream()).toList()) {
            if (known.containsKey(row.item())) {
                progress.tally.recall(row);
                newest(progress, row.acceptedAt());
            }
        }
        progress.recall = null;
    }

    private static Instant latest(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private void settled(Progress progress, Instant until) {
        boolean far = Duration.between(wentFarBack, until).compareTo(OFTEN) >= 0;
        Instant since = progress.cursor.minus(far ? FAR_BACK : BACK);
        List<GateRow> rows = reads.settled(scope, since, until);
        for (GateRow row : rows) {
            Instant at = row.committedAt() == null ? until : row.committedAt();
            if (known.putIfAbsent(row.item(), at) == null) {
                progress.tally.add(row, until);
                newest(progress, at);
            }
        }
        wentFarBack = far ? until : wentFarBack;
        step = rows.size() > 20_000 ? step.dividedBy(2) : rows.size() < 5_000 ? step.multipliedBy(2) : step;
        step = step.compareTo(Duration.ofDays(1)) > 0 ? Duration.ofDays(1) : step;
        progress.cursor = until;
        forget(until.minus(FAR_BACK.multipliedBy(2)));
    }

    private void forget(Instant before) {
        Iterator<Instant> times = known.values().iterator();
        while (times.hasNext() && times.next().isBefore(before)) {
            times.remove();
        }
    }

    private static void newest(Progress progress, Instant at) {
        if (progress.newest == null || progress.newest.isBefore(at)) {
            progress.newest = at;
        }
    }

    /** Freezes what is missing of a phase's thresholds, from what legacy did before it, or before now if that is little. */
    void freeze(Progress progress, Instant phaseStartedAt, GateRecords records, int items) {
        boolean due = freezeFrom.isBefore(progress.cursor) || !frozenFor.equals(progress.phase);
        for (WayIn wayIn : WayIn.values()) {
            if (!due || progress.tally.thresholds().containsKey(wayIn)) {
                continue;
            }
            Optional<String> kept = records.baseline(progress.rollout, progress.phase, wayIn);
            if (kept.isEmpty()) {
                Thresholds frozen = before(scope.workload(), wayIn, phaseStartedAt, items);
                frozen = frozen == null ? before(scope.workload(), wayIn, progress.cursor, items) : frozen;
                if (frozen != null) {
                    records.freeze(progress.rollout, progress.phase, wayIn, GateJson.write(frozen.values()));
                    kept = records.baseline(progress.rollout, progress.phase, wayIn);
                }
            }
            kept.ifPresent(json -> progress.tally.freeze(wayIn, Thresholds.of(GateJson.read(json))));
        }
        if (due) {
            frozenFor = progress.phase;
            freezeFrom = progress.cursor.plus(OFTEN);
        }
    }

    private @Nullable Thresholds before(Workload workload, WayIn wayIn, Instant time, int items) {
        List<Long> micros = reads.legacyMicros(workload, wayIn, time, items).stream()
                .sorted()
                .toList();
        int n = micros.size();
        if (n < GateSettings.leastThresholdItems()) {
            return null;
        }
        QuantileInterval tail = QuantileInterval.of(0.99, n);
        return new Thresholds(
                n,
                micros.get((int) QuantileInterval.of(0.5, n).rank() - 1),
                micros.get((int) tail.rank() - 1),
                micros.get((int) Math.max(1, tail.low()) - 1),
                tail.high() == 0 ? 0 : micros.get((int) tail.high() - 1),
                time);
    }
}
