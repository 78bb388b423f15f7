package dev.shunt.comparison;

import dev.shunt.core.DeadLetters;
import dev.shunt.core.DeadLetters.DeadLetter;
import dev.shunt.core.Divergence;
import dev.shunt.core.Divergence.FoundBy;
import dev.shunt.core.Divergence.Kind;
import dev.shunt.core.ForwardedItems;
import dev.shunt.core.ForwardedItems.Forwarded;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Route;
import dev.shunt.core.Workload;
import dev.shunt.store.Divergences;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives an end to items that a worker outside took and that are nowhere since: it takes a message before it works on it, and
 * whatever becomes of it then, nobody is told. They are MISSING, and dead letters that a person sends again or writes off.
 */
final class LostOutside {

    static final String LOST = "lost by the worker outside: neither its tables nor its lists have it";
    private static final String NOT_KEPT = LOST + "; its message was not kept";
    private static final byte[] NO_MESSAGE = {};
    private static final Logger log = LoggerFactory.getLogger(LostOutside.class);

    private final Workload workload;
    private final ForwardedItems forwarded;
    private final DeadLetters deadLetters;
    private final Divergences divergences;
    private final Duration after;
    private final Clock clock;
    private final Map<ItemKey, Instant> nowhereSince = new HashMap<>();

    /** @param after how long an item must have been nowhere, at every look; 0 for never */
    LostOutside(
            Workload workload,
            ForwardedItems forwarded,
            DeadLetters deadLetters,
            Divergences divergences,
            Duration after,
            Clock clock) {
        this.workload = workload;
        this.forwarded = forwarded;
        this.deadLetters = deadLetters;
        this.divergences = divergences;
        this.after = after;
        this.clock = clock;
    }

    /** Another instance looked meanwhile. */
    void beginAnew() {
        nowhereSince.clear();
    }

    /**
     * One look.
     *
     * @param without items that are not settled, of which the worker's tables and its dead-letter list have nothing
     * @throws dev.shunt.core.UnavailableException if it cannot be said where they are, or their end not be written
     */
    void look(Set<ItemKey> without) {
        if (after.isZero()) {
            return;
        }
        Instant now = clock.instant();
        Set<ItemKey> nowhere = new HashSet<>(without);
        nowhere.removeAll(forwarded.waiting(workload, nowhere));
        nowhereSince.keySet().retainAll(nowhere);
        nowhere.forEach(key -> nowhereSince.putIfAbsent(key, now));
        Set<ItemKey> lost = nowhereSince.entrySet().stream()
                .filter(one -> Duration.between(one.getValue(), now).compareTo(after) >= 0)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        if (!lost.isEmpty()) {
            bury(forwarded.read(workload, lost), now);
            nowhereSince.keySet().removeAll(lost);
        }
    }

    private void bury(List<Forwarded> lost, Instant now) {
        divergences.record(workload, lost.stream().map(LostOutside::missing).toList());
        lost.forEach(one -> deadLetters.record(letter(one, now)));
        forwarded.settle(workload, lost.stream().map(one -> one.stamp().key()).toList());
        log.error(
                "{} item(s) of {} were lost by the worker outside: nowhere for {}. They are dead letters; send them again or"
                        + " discard them: {}",
                lost.size(),
                workload,
                after,
                lost.stream().map(one -> one.stamp().key()).limit(10).toList());
    }

    private DeadLetter letter(Forwarded lost, Instant now) {
        byte[] message = lost.message();
        return new DeadLetter(
                workload,
                lost.stamp().key(),
                message == null ? NO_MESSAGE : message,
                lost.stamp(),
                Route.LEGACY,
                message == null ? NOT_KEPT : LOST,
                1,
                now);
    }

    /** As conservation says it, which may look less often than this does. */
    private static Divergence missing(Forwarded lost) {
        return new Divergence(
                FoundBy.CONSERVATION,
                Kind.MISSING,
                "item",
                "accepted at " + lost.stamp().acceptedAt(),
                null,
                lost.stamp().key(),
                Route.LEGACY,
                lost.stamp().decision().epoch(),
                null,
                null);
    }
}
