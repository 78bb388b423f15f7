package dev.shunt.comparison;

import dev.shunt.core.Delivery;
import dev.shunt.core.ForwardedItems;
import dev.shunt.core.ForwardedItems.Forwarded;
import dev.shunt.core.ForwardedSample;
import dev.shunt.core.InFlight;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Route;
import dev.shunt.core.Seldom;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is kept for items in the hands of a worker outside: their messages, until their rows are there. Then Temporal
 * processes a sampled one apart, as shadow pair; and one that the worker lost can be sent again. While the worker is behind
 * nothing more is kept, so that Redis holds little: sampled items count as shed.
 */
final class OutsidePairs implements ForwardedSample {

    private static final Logger log = LoggerFactory.getLogger(OutsidePairs.class);

    /** Bytes of a message; a page of items is read at once. */
    static final int LARGEST = 128 * 1024;

    /** Messages in the lists. */
    static final int BEHIND = 1_000;

    /** Items in the worker's hands: as long as its tables cannot be read, none is settled. */
    static final int OPEN = 5_000;

    private static final byte[] NOT_REMEMBERED = {};

    private final Sampler sampler;
    private final Seldom failing = new Seldom();
    private volatile boolean behind;
    private volatile boolean full;

    OutsidePairs(Sampler sampler) {
        this.sampler = sampler;
    }

    /** Looks how much waits for the worker; on every instance, now and then. Never throws. */
    void lookAhead(InFlight inFlight, ForwardedItems forwarded, Workload workload) {
        try {
            behind = inFlight.counts(workload).waiting() > BEHIND;
            full = forwarded.open(workload) > OPEN;
        } catch (UnavailableException away) {
            log.debug("How much waits for the worker outside is not known", away);
        }
    }

    @Override
    public boolean takes(Workload workload, ItemKey key, int bytes) {
        return !behind && !full && bytes <= LARGEST;
    }

    /** More waits for the worker than is walked through to find one item. */
    boolean isBehind() {
        return behind;
    }

    /** Their results are there and were seen for the first time. Never throws: a pair less is a pair less. */
    void stored(Workload workload, Collection<Forwarded> items) {
        try {
            items.forEach(item -> stored(workload, item));
        } catch (RuntimeException fault) {
            failing.log(more -> log.warn(
                    "Shadow pairs of items that the worker outside stored are lost ({} more times lately); the work is not"
                            + " concerned",
                    more,
                    fault));
        }
    }

    private void stored(Workload workload, Forwarded item) {
        byte[] message = item.message();
        sampler.mode(workload, item.stamp().key(), Route.LEGACY)
                .ifPresent(mode -> sampler.take(
                        Delivery.outside(workload, item.stamp(), message == null ? NOT_REMEMBERED : message),
                        mode,
                        message == null));
    }
}
