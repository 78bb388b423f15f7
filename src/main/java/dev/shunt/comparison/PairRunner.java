package dev.shunt.comparison;

import dev.shunt.comparison.PairTally.End;
import dev.shunt.core.Canonical;
import dev.shunt.core.Delivery;
import dev.shunt.core.Divergence;
import dev.shunt.core.ItemKey;
import dev.shunt.core.ShadowRoute;
import dev.shunt.core.ShadowRoute.Ended;
import dev.shunt.core.ShadowRoute.Run;
import dev.shunt.core.ShadowWorkload;
import dev.shunt.core.ShadowWorkload.Primary;
import dev.shunt.core.ShadowWorkload.Seed;
import dev.shunt.core.Stamp;
import dev.shunt.store.Divergences;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Processes a batch a second time and compares: reads the primaries' results and what they had met, seeds the private
 * tables, runs, reads, compares, removes. Counts each item exactly once, unless it goes back to wait.
 */
final class PairRunner {

    private static final Primary NOTHING_STORED = new Primary(Primary.State.READY, Canonical.NOTHING, "");
    private static final Duration UNFINISHED_FOR = Duration.ofSeconds(30);

    private final ShadowWorkload workload;
    private final ShadowRoute route;
    private final Divergences divergences;
    private final PairTally tally;
    private final Duration timeout;
    private final Supplier<String> runIds;
    private final Consumer<String> failures;
    private final Clock clock;

    /** @param failures takes why a run could not be carried out */
    PairRunner(
            ShadowWorkload workload,
            ShadowRoute route,
            Divergences divergences,
            PairTally tally,
            Duration timeout,
            Supplier<String> runIds,
            Consumer<String> failures,
            Clock clock) {
        this.workload = workload;
        this.route = route;
        this.divergences = divergences;
        this.tally = tally;
        this.timeout = timeout;
        this.runIds = runIds;
        this.failures = failures;
        this.clock = clock;
    }

    /** One pair under way. */
    private record Pair(SampledItem item, Primary primary, Run run) {

        ItemKey key() {
            return run.stamp().key();
        }
    }

    /**
     * @param batch alike in workload, route and mode; taken out of it is what has ended or goes back
     * @param again takes items whose primary is not finished
     */
    void run(List<SampledItem> batch, Consumer<SampledItem> again) {
        List<Pair> pairs = ready(batch, again);
        if (pairs.isEmpty()) {
            return;
        }
        workload.seed(
                pairs.stream().map(pair -> new Seed(pair.key(), pair.primary())).toList());
        List<Ended> ends = route.run(workload, pairs.stream().map(Pair::run).toList(), timeout);
        List<End> judged = judge(pairs, ends);
        List<ItemKey> over = new ArrayList<>();
        for (int i = 0; i < pairs.size(); i++) {
            Pair pair = pairs.get(i);
            batch.remove(pair.item());
            tally.ended(pair.item(), judged.get(i));
            if (judged.get(i) != End.TIMED_OUT) { // a late one may still write; it is removed with the leftovers
                over.add(pair.key());
            }
        }
        workload.remove(over);
    }

    private List<Pair> ready(List<SampledItem> batch, Consumer<SampledItem> again) {
        if (batch.getFirst().buried() != null) { // it left nothing that could be read
            return batch.stream()
                    .map(item -> new Pair(item, NOTHING_STORED, run(item.delivery())))
                    .toList();
        }
        Instant first = batch.stream()
                .map(SampledItem::committedAt)
                .min(Instant::compareTo)
                .orElseThrow();
        List<SampledItem> asked = List.copyOf(batch);
        List<Primary> primaries =
                workload.primaries(asked.stream().map(SampledItem::delivery).toList(), first);
        List<Pair> pairs = new ArrayList<>();
        boolean unknown = false;
        for (int i = 0; i < asked.size(); i++) {
            SampledItem item = asked.get(i);
            switch (primaries.get(i).state()) {
                case READY -> pairs.add(new Pair(item, primaries.get(i), run(item.delivery())));
                case UNFINISHED -> {
                    batch.remove(item);
                    putBack(item, again);
                }
                case UNKNOWN -> {
                    batch.remove(item);
                    tally.ended(item, End.SHED);
                    unknown = true;
                }
            }
        }
        if (unknown) {
            workload.prepare();
        }
        return pairs;
    }

    private void putBack(SampledItem item, Consumer<SampledItem> again) {
        if (Duration.between(item.committedAt(), clock.instant()).compareTo(UNFINISHED_FOR) > 0) {
            tally.ended(item, End.FAILED);
        } else {
            again.accept(item);
        }
    }

    private Run run(Delivery delivery) {
        String id = runIds.get();
        Stamp stamp = delivery.stamp();
        var own = new Stamp(
                ShadowWorkload.runKey(id, stamp.key()),
                stamp.decision(),
                stamp.wayIn(),
                stamp.acceptedAt(),
                stamp.evidence());
        return new Run(id, own, delivery.message());
    }

    /** Divergences are kept before anything is counted: what is counted as differing can be looked at. */
    private List<End> judge(List<Pair> pairs, List<Ended> ends) {
        Iterator<Canonical> results = results(pairs, ends).iterator();
        List<Divergence> found = new ArrayList<>();
        List<End> judged = new ArrayList<>();
        for (int i = 0; i < pairs.size(); i++) {
            Pair pair = pairs.get(i);
            judged.add(
                    switch (ends.get(i)) {
                        case Ended.Done done -> {
                            List<Divergence> differences =
                                    differences(pair, workload.comparable(pair.primary(), results.next()));
                            found.addAll(differences);
                            yield differences.isEmpty() ? End.EQUAL : End.DIFFERING;
                        }
                        case Ended.Rejected rejected -> {
                            if (pair.item().buried() != null) {
                                yield End.EQUAL; // neither side can store it
                            }
                            found.add(PairJudge.errorOneSide(pair.item(), rejected.reason()));
                            yield End.DIFFERING;
                        }
                        case Ended.Late late -> End.TIMED_OUT;
                        case Ended.Failed failed -> {
                            failures.accept(failed.why());
                            yield End.FAILED;
                        }
                    });
        }
        divergences.record(workload.workload(), found);
        return judged;
    }

    private static List<Divergence> differences(Pair pair, Canonical shadow) {
        String buried = pair.item().buried();
        return buried == null
                ? PairJudge.compare(pair.item(), pair.primary().result(), shadow)
                : List.of(PairJudge.buriedOneSide(pair.item(), buried));
    }

    /** Of those that are done, in order. */
    private List<Canonical> results(List<Pair> pairs, List<Ended> ends) {
        List<ItemKey> done = new ArrayList<>();
        for (int i = 0; i < pairs.size(); i++) {
            if (ends.get(i) instanceof Ended.Done) {
                done.add(pairs.get(i).key());
            }
        }
        return done.isEmpty() ? List.of() : workload.results().read(done);
    }
}
