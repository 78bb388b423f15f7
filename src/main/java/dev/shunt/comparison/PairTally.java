package dev.shunt.comparison;

import dev.shunt.core.Workload;
import dev.shunt.store.ShadowMinutes;
import dev.shunt.store.ShadowMinutes.Counts;
import dev.shunt.store.ShadowMinutes.PairKey;
import dev.shunt.store.ShadowMinutes.Row;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Counts pairs in memory and adds them to the table now and then; a crash loses what was counted since. */
final class PairTally {

    private static final int KEPT = 10_000;

    private final ShadowMinutes minutes;
    private final Map<Workload, ComparisonCounts> metered;
    private final Map<Workload, Long> waiting = new HashMap<>();
    private Map<PairKey, Counts> counts = new HashMap<>();

    PairTally(ShadowMinutes minutes) {
        this(minutes, new SimpleMeterRegistry(), Set.of());
    }

    PairTally(ShadowMinutes minutes, MeterRegistry meters, Set<Workload> workloads) {
        this.minutes = minutes;
        this.metered = workloads.stream()
                .collect(Collectors.toMap(
                        Function.identity(), each -> new ComparisonCounts(meters, each, ComparisonCounts.By.PAIR)));
    }

    /** What became of a sampled item. */
    enum End {
        EQUAL,
        DIFFERING,
        SHED,
        FAILED,
        TIMED_OUT
    }

    synchronized void sampled(SampledItem item) {
        waiting.merge(item.workload(), 1L, Long::sum);
        add(item.countedUnder(), new Counts(1, 0, 0, 0, 0, 0, 0));
    }

    /** Once for each item that was sampled. */
    synchronized void ended(SampledItem item, End end) {
        waiting.merge(item.workload(), -1L, Long::sum);
        meter(item.workload(), end);
        long byPeople = item.delivery().stamp().decision().reason().isByPeople() ? 1 : 0;
        add(
                item.countedUnder(),
                switch (end) {
                    case EQUAL -> new Counts(0, 1, 0, 0, 0, 0, byPeople);
                    case DIFFERING -> new Counts(0, 0, 1, 0, 0, 0, byPeople);
                    case SHED -> new Counts(0, 0, 0, 1, 0, 0, 0);
                    case FAILED -> new Counts(0, 0, 0, 0, 1, 0, 0);
                    case TIMED_OUT -> new Counts(0, 0, 0, 0, 0, 1, 0);
                });
    }

    private void meter(Workload workload, End end) {
        ComparisonCounts meters = metered.get(workload);
        if (meters == null) {
            return;
        }
        switch (end) {
            case EQUAL -> meters.compared(1, 0);
            case DIFFERING -> meters.compared(1, 1);
            case FAILED, TIMED_OUT -> meters.failed();
            case SHED -> {} // nobody looked
        }
    }

    /** Sampled items that have not ended, on this instance. */
    synchronized long waiting(Workload workload) {
        return waiting.getOrDefault(workload, 0L);
    }

    /**
     * Adds what was counted to the table. If it cannot be known whether that was done, only what speaks against the routes is
     * added again: a pair that is equal is rather not counted than counted twice.
     *
     * @throws dev.shunt.core.UnavailableException if Postgres does not take them; they are kept for the next time
     */
    void flush() {
        Map<PairKey, Counts> taken = take();
        try {
            boolean added = minutes.add(taken.entrySet().stream()
                    .map(each -> new Row(each.getKey(), each.getValue()))
                    .toList());
            if (!added) {
                taken.replaceAll((key, counts) -> against(counts));
                giveBack(taken);
            }
        } catch (RuntimeException refused) {
            giveBack(taken);
            throw refused;
        }
    }

    private synchronized Map<PairKey, Counts> take() {
        Map<PairKey, Counts> taken = counts;
        counts = new HashMap<>();
        return taken;
    }

    private synchronized void giveBack(Map<PairKey, Counts> taken) {
        taken.forEach(this::add);
    }

    private void add(PairKey key, Counts more) {
        if (counts.size() < KEPT || counts.containsKey(key)) {
            counts.merge(key, more, PairTally::sum);
        }
    }

    private static Counts against(Counts counts) {
        return new Counts(0, 0, counts.differing(), 0, counts.failed(), counts.timedOut(), 0);
    }

    static Counts sum(Counts one, Counts other) {
        return new Counts(
                one.sampled() + other.sampled(),
                one.equal() + other.equal(),
                one.differing() + other.differing(),
                one.shed() + other.shed(),
                one.failed() + other.failed(),
                one.timedOut() + other.timedOut(),
                one.byPeople() + other.byPeople());
    }

    /** All of them together. */
    static Counts sum(List<Counts> all) {
        return all.stream().reduce(new Counts(0, 0, 0, 0, 0, 0, 0), PairTally::sum);
    }
}
