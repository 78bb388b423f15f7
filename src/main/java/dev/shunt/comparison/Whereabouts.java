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

/** Looks for accepted items everywhere they may be. Who moves between two places may be overlooked once, so look twice. */
final class Whereabouts {

    private static final int OPEN_LIMIT = 10_000;

    private final Workload workload;
    private final InFlight inFlight;
    private final SettledItems settledItems;
    private final LedgerChecks ledger;

    Whereabouts(Workload workload, InFlight inFlight, SettledItems settledItems, LedgerChecks ledger) {
        this.workload = workload;
        this.inFlight = inFlight;
        this.settledItems = settledItems;
        this.ledger = ledger;
    }

    /**
     * @param nowhere neither done, nor in flight, nor dead
     * @param unbooked keys that the ledger has as OPEN and the book has not; some of them may be found elsewhere
     */
    record Look(Map<ItemKey, Entry> nowhere, Set<ItemKey> unbooked) {}

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
        removeSettledAndListed(candidates.keySet());
        return new Look(candidates, unbooked);
    }

    // Walking the lists is for the few that are not settled. An item moves from the lists into the ledger, so the
    // ledger is asked once more after the lists were walked.
    private void removeSettledAndListed(Set<ItemKey> keys) {
        removeSettled(keys);
        if (!keys.isEmpty()) {
            keys.removeAll(inFlight.presentOnLegacy(workload, Set.copyOf(keys)));
            removeSettled(keys);
        }
    }

    private void removeSettled(Set<ItemKey> keys) {
        if (!keys.isEmpty()) {
            keys.removeAll(settledItems.settled(workload, Set.copyOf(keys)));
        }
    }
}
