package dev.shunt.comparison;

import dev.shunt.core.InFlight;
import dev.shunt.core.InFlight.Census;
import dev.shunt.core.InFlight.Entry;
import dev.shunt.core.ItemKey;
import dev.shunt.core.SettledItems;
import dev.shunt.core.Workload;
import dev.shunt.store.LedgerChecks;
import dev.shunt.store.LedgerRow;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks for accepted items everywhere they may be. Who moves between two places may be overlooked once, so look twice. */
final class Whereabouts {

    private static final int OPEN_LIMIT = 10_000;

    private final Workload workload;
    private final InFlight inFlight;
    private final SettledItems settledItems;
    private final LedgerChecks ledger;
    private final OutsideItems outside;

    Whereabouts(Workload workload, InFlight inFlight, SettledItems settledItems, LedgerChecks ledger) {
        this(workload, inFlight, settledItems, ledger, OutsideItems.NONE);
    }

    Whereabouts(
            Workload workload,
            InFlight inFlight,
            SettledItems settledItems,
            LedgerChecks ledger,
            OutsideItems outside) {
        this.outside = outside;
        this.workload = workload;
        this.inFlight = inFlight;
        this.settledItems = settledItems;
        this.ledger = ledger;
    }

    /**
     * @param nowhere neither done, nor in flight, nor dead
     * @param unbooked keys that the ledger has as OPEN and the book has not; some of them may be found elsewhere
     * @param notKnown in the hands of a worker outside, which cannot be asked; in neither of the others
     * @param whyNotKnown null if nothing is unknown
     */
    record Look(
            Map<ItemKey, Entry> nowhere,
            Set<ItemKey> unbooked,
            Map<ItemKey, Entry> notKnown,
            @Nullable String whyNotKnown) {}

    /**
     * One look at the items accepted before the given time.
     *
     * @throws dev.shunt.core.UnavailableException if Redis or Postgres does not answer
     */
    Look look(Instant acceptedBefore) {
        Census census = inFlight.census(workload);
        Map<ItemKey, Entry> candidates = new HashMap<>();
        for (LedgerRow open : ledger.open(workload, acceptedBefore, OPEN_LIMIT)) {
            candidates.put(
                    open.key(),
                    new Entry(open.key(), open.executed(), open.decision().epoch(), open.acceptedAt()));
        }
        census.book().values().stream()
                .filter(entry -> entry.acceptedAt().isBefore(acceptedBefore))
                .forEach(entry -> candidates.put(entry.key(), entry));
        Set<ItemKey> unbooked = new HashSet<>(candidates.keySet());
        unbooked.removeAll(census.book().keySet());
        candidates.keySet().removeAll(census.registry());
        removeSettledAndListed(candidates);
        OutsideItems.Look there = outside.look(workload, Set.copyOf(candidates.keySet()));
        Map<ItemKey, Entry> notKnown = new HashMap<>(candidates);
        notKnown.keySet().retainAll(there.notKnown());
        candidates.keySet().removeAll(there.there());
        candidates.keySet().removeAll(there.notKnown());
        unbooked.removeAll(there.notKnown());
        removeSettled(candidates); // what was handed over is forgotten once it is settled
        return new Look(candidates, unbooked, notKnown, there.why());
    }

    // Walking the lists is for the few that are not settled. An item moves from the lists into the ledger, so the
    // ledger is asked once more after the lists were walked.
    private void removeSettledAndListed(Map<ItemKey, Entry> items) {
        removeSettled(items);
        if (!items.isEmpty()) {
            items.keySet().removeAll(inFlight.presentOnLegacy(workload, Set.copyOf(items.keySet())));
            removeSettled(items);
        }
    }

    private void removeSettled(Map<ItemKey, Entry> items) {
        if (!items.isEmpty()) {
            Map<ItemKey, Instant> lives = new HashMap<>();
            items.forEach((key, entry) -> lives.put(key, entry.acceptedAt()));
            items.keySet().removeAll(settledItems.settled(workload, lives));
        }
    }
}
