package dev.shunt.comparison;

import dev.shunt.core.DeadLetters;
import dev.shunt.core.DeadLetters.DeadLetter;
import dev.shunt.core.Divergence;
import dev.shunt.core.Divergence.FoundBy;
import dev.shunt.core.Divergence.Kind;
import dev.shunt.core.ExternalResults;
import dev.shunt.core.ExternalResults.Present;
import dev.shunt.core.ForwardedItems;
import dev.shunt.core.ForwardedItems.Dead;
import dev.shunt.core.ForwardedItems.Forwarded;
import dev.shunt.core.InFlight.Registered;
import dev.shunt.core.ItemKey;
import dev.shunt.core.ResultAudit.Accepted;
import dev.shunt.core.Route;
import dev.shunt.core.Seldom;
import dev.shunt.core.Stamp;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.store.Divergences;
import dev.shunt.store.ExternalLedger;
import dev.shunt.store.ExternalLedger.Done;
import dev.shunt.store.ExternalLedger.Recorded;
import dev.shunt.store.SoleRunner;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settles items that a worker outside Shunt stored: it tells nobody, so its tables are asked, on one instance at a time.
 * Ledger first, book afterwards: a crash in between finds the same rows again and counts a replay.
 */
final class ExternalWatch {

    private static final Logger log = LoggerFactory.getLogger(ExternalWatch.class);
    private static final String GIVEN_UP = "given up by the worker outside Shunt: its dead-letter list has the message";

    private final Workload workload;
    private final ForwardedItems forwarded;
    private final ExternalResults results;
    private final ExternalLedger ledger;
    private final DeadLetters deadLetters;
    private final Divergences divergences;
    private final SoleRunner sole;
    private final OutsidePairs pairs;
    private final ExternalSettings settings;
    private final Clock clock;

    private final Map<ItemKey, Instant> unlikeSince = new HashMap<>();
    private final Map<ItemKey, SeenDead> deadSince = new HashMap<>();
    private final LostOutside lost;
    private Instant walkedAt = Instant.EPOCH;
    private final Seldom failing = new Seldom();
    private boolean blind;

    ExternalWatch(
            Workload workload,
            ForwardedItems forwarded,
            ExternalResults results,
            ExternalLedger ledger,
            DeadLetters deadLetters,
            Divergences divergences,
            SoleRunner sole,
            OutsidePairs pairs,
            ExternalSettings settings,
            Clock clock) {
        this.workload = workload;
        this.forwarded = forwarded;
        this.results = results;
        this.ledger = ledger;
        this.deadLetters = deadLetters;
        this.divergences = divergences;
        this.sole = sole;
        this.pairs = pairs;
        this.settings = settings;
        this.clock = clock;
        this.lost = new LostOutside(workload, forwarded, deadLetters, divergences, settings.lostAfter(), clock);
    }

    Workload workload() {
        return workload;
    }

    /** One look, unless another instance is at it. Never throws: what could not be settled is looked for again. */
    synchronized void look() {
        try {
            if (!sole.run("external:" + workload, this::settle)) {
                unlikeSince.clear(); // whoever takes over begins anew
                lost.beginAnew();
            }
            if (blind) {
                log.info("The results of the worker outside can be read again; {} is settled as before", workload);
            }
            blind = false;
        } catch (UnavailableException away) {
            if (!blind) {
                log.warn(
                        "Results of {} outside cannot be settled: {}. Tried again every {}; the worker goes on",
                        workload,
                        away.getMessage(),
                        settings.interval());
            }
            blind = true;
        } catch (RuntimeException fault) {
            failing.log(more -> log.error(
                    "Results of {} outside cannot be settled ({} more times lately); tried again in {}",
                    workload,
                    more,
                    settings.interval(),
                    fault));
        }
    }

    private void settle() {
        ledger.inFront(workload);
        Instant now = clock.instant();
        boolean walk = Duration.between(walkedAt, now).compareTo(settings.deadLetters()) >= 0;
        settleDead(walk, now);
        Set<ItemKey> open = new HashSet<>();
        Set<ItemKey> without = new HashSet<>();
        Optional<Registered> last = Optional.empty();
        List<Registered> page;
        do {
            page = forwarded.page(workload, last, settings.page());
            List<ItemKey> keys = page.stream().map(Registered::key).toList();
            open.addAll(keys);
            Set<ItemKey> present = settlePresent(keys);
            keys.stream().filter(key -> !present.contains(key)).forEach(without::add);
            last = page.isEmpty() ? last : Optional.of(page.getLast());
        } while (page.size() >= settings.page());
        unlikeSince.keySet().retainAll(open);
        if (walk) {
            walkedAt = now;
            if (!pairs.isBehind()) { // walking a long list for many; and what waits is not lost
                lost.look(without);
            }
        }
    }

    /** @return those that have results, or some of them */
    private Set<ItemKey> settlePresent(List<ItemKey> keys) {
        Map<ItemKey, Present> present = keys.isEmpty() ? Map.of() : results.present(keys);
        if (present.isEmpty()) {
            return Set.of();
        }
        List<Forwarded> known = forwarded.read(workload, present.keySet());
        Set<ItemKey> done = new HashSet<>(results.complete(accepted(known)));
        Set<ItemKey> unlike = keysOf(known);
        unlike.removeAll(done);
        done.addAll(staysUnlike(unlike));
        settle(known.stream().filter(one -> done.contains(one.stamp().key())).toList(), present);
        return present.keySet();
    }

    /**
     * Results that differ from what the input says may be those of another item with the same id whose message the worker
     * has not come to, or the worker is not finished. Those that stay so are results all the same.
     */
    private Set<ItemKey> staysUnlike(Set<ItemKey> unlike) {
        if (unlike.isEmpty()) {
            return Set.of();
        }
        Instant now = clock.instant();
        Set<ItemKey> waiting = forwarded.waiting(workload, unlike);
        Set<ItemKey> stayed = new HashSet<>();
        for (ItemKey key : unlike) {
            if (waiting.contains(key)) {
                unlikeSince.remove(key);
            } else if (Duration.between(unlikeSince.computeIfAbsent(key, seen -> now), now)
                            .compareTo(settings.grace())
                    >= 0) {
                stayed.add(key);
            }
        }
        return stayed;
    }

    private void settle(List<Forwarded> items, Map<ItemKey, Present> present) {
        if (items.isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        List<Done> done = items.stream()
                .map(one -> new Done(one.stamp(), one.evidence(), committed(one, present, now)))
                .toList();
        Recorded recorded = ledger.record(workload, done);
        report(recorded.onBothSides(), items);
        pairs.stored(
                workload,
                items.stream()
                        .filter(one -> recorded.written().contains(one.stamp().key()))
                        .toList());
        forwarded.settle(workload, keysOf(items));
    }

    private static Instant committed(Forwarded one, Map<ItemKey, Present> present, Instant now) {
        Present found = present.get(one.stamp().key());
        Instant stored = found == null || found.storedAt() == null ? now : found.storedAt();
        // its clock is not ours: nothing is stored before it was accepted
        return stored.isBefore(one.stamp().acceptedAt()) ? one.stamp().acceptedAt() : stored;
    }

    private void report(Set<ItemKey> onBothSides, List<Forwarded> items) {
        List<Divergence> found = items.stream()
                .filter(one -> onBothSides.contains(one.stamp().key()))
                .map(one -> new Divergence(
                        FoundBy.RECONCILIATION,
                        Kind.CONFLICT,
                        "item",
                        "stored by one side",
                        "stored by the worker outside too",
                        one.stamp().key(),
                        Route.LEGACY,
                        one.stamp().decision().epoch(),
                        Route.TEMPORAL,
                        one.stamp().decision().epoch()))
                .toList();
        if (!found.isEmpty()) {
            divergences.record(workload, found);
            log.warn(
                    "{} item(s) of {} were taken back from Temporal, finished there all the same, and stored outside too:"
                            + " {}",
                    found.size(),
                    workload,
                    onBothSides);
        }
    }

    /**
     * A life whose message was in the worker's dead-letter list.
     *
     * @param since when that was seen first by a walk of the whole list, and by each since
     */
    private record SeenDead(Instant acceptedAt, Instant since) {}

    private void settleDead(boolean all, Instant now) {
        List<Dead> dead = forwarded.dead(workload, all);
        Map<ItemKey, SeenDead> before = Map.copyOf(deadSince);
        if (all) {
            deadSince.clear();
        }
        if (dead.isEmpty()) {
            return;
        }
        List<Forwarded> items = dead.stream().map(Dead::forwarded).toList();
        Map<ItemKey, Present> present = results.present(keysOf(items));
        Set<ItemKey> stored = new HashSet<>(results.complete(accepted(items.stream()
                .filter(one -> present.containsKey(one.stamp().key()))
                .toList())));
        settle(items.stream().filter(one -> stored.contains(one.stamp().key())).toList(), present);
        List<ItemKey> buried = new ArrayList<>();
        for (Dead one : dead) {
            ItemKey key = one.forwarded().stamp().key();
            if (!stored.contains(key) && (one.pushed() || (all && staysDead(one, before.get(key), now)))) {
                deadLetters.record(letter(one, present.containsKey(key), now));
                buried.add(key);
            }
        }
        forwarded.settle(workload, buried);
        if (!buried.isEmpty()) {
            log.warn(
                    "{} item(s) of {} were given up by the worker outside and are dead letters",
                    buried.size(),
                    workload);
        }
    }

    /**
     * The worker takes a message before it works on it, and never takes a copy out of its dead-letter list: what a walk finds
     * there may be of an earlier life of an item that the worker has in hand.
     */
    private boolean staysDead(Dead dead, @Nullable SeenDead before, Instant now) {
        Stamp stamp = dead.forwarded().stamp();
        Instant since = before != null && before.acceptedAt().equals(stamp.acceptedAt()) ? before.since() : now;
        deadSince.put(stamp.key(), new SeenDead(stamp.acceptedAt(), since));
        return Duration.between(since, now).compareTo(settings.deadLetters()) >= 0;
    }

    private DeadLetter letter(Dead dead, boolean present, Instant now) {
        return new DeadLetter(
                workload,
                dead.forwarded().stamp().key(),
                dead.message(),
                dead.forwarded().stamp(),
                Route.LEGACY,
                present ? GIVEN_UP + "; results under its id are stored, but not all of these" : GIVEN_UP,
                1,
                now);
    }

    private static Set<ItemKey> keysOf(Collection<Forwarded> items) {
        return items.stream().map(one -> one.stamp().key()).collect(Collectors.toCollection(HashSet::new));
    }

    private static List<Accepted> accepted(List<Forwarded> items) {
        return items.stream()
                .map(one -> new Accepted(
                        one.stamp().key(),
                        one.stamp().decision(),
                        Route.LEGACY,
                        one.stamp().acceptedAt(),
                        one.evidence()))
                .toList();
    }
}
