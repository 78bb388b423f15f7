package dev.shunt.comparison;

import dev.shunt.core.Delivery;
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
 * Shadow pairs whose primary is a worker outside: the message of a sampled item is remembered until its rows are there, then
 * Temporal processes it apart. While the worker is behind nothing more is remembered, so that Redis holds little: those items
 * count as shed.
 */
final class OutsidePairs implements ForwardedSample {

    private static final Logger log = LoggerFactory.getLogger(OutsidePairs.class);

    /** Bytes of a message; a page of items is read at once. */
    static final int LARGEST = 128 * 1024;

    /** Messages in the lists. */
    static final int BEHIND = 1_000;

    private static final byte[] NOT_REMEMBERED = {};

    private final Sampler sampler;
    private final Seldom failing = new Seldom();
    private volatile boolean behind;

    OutsidePairs(Sampler sampler) {
        this.sampler = sampler;
    }

    /** Looks how much waits for the worker; on every instance, now and then. Never throws. */
    void lookAhead(InFlight inFlight, Workload workload) {
        try {
            behind = inFlight.counts(workload).waiting() > BEHIND;
        } catch (UnavailableException away) {
            log.debug("How much waits for the worker outside is not known", away);
        }
    }

    @Override
    public boolean takes(Workload workload, ItemKey key, int bytes) {
        return !behind
                && bytes <= LARGEST
                && sampler.mode(workload, key, Route.LEGACY).isPresent();
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
