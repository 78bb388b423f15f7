package dev.shunt.core;

import dev.shunt.core.InFlight.Registered;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Items of the legacy route that were handed to a worker outside Shunt and are not settled: the worker tells nobody when
 * it is done, so its results are looked up. Every method throws {@link UnavailableException} when Redis cannot be reached.
 */
public interface ForwardedItems {

    /** The workload whose legacy side is a worker outside Shunt; empty if there is none. */
    Optional<Workload> workload();

    /**
     * One page of the items that are not settled, in the order of their acceptance.
     *
     * @param after the last one of the page before; empty for the first page
     */
    List<Registered> page(Workload workload, Optional<Registered> after, int limit);

    /**
     * What was remembered of these items; those settled meanwhile are left out. Works also when the workload's legacy side is
     * not outside any more.
     */
    List<Forwarded> read(Workload workload, Collection<ItemKey> keys);

    /**
     * Items whose message is in the worker's dead-letter list and no longer in the list it consumes. Messages of that list
     * that were looked at before are not looked at again, unless {@code all}.
     */
    List<Dead> dead(Workload workload, boolean all);

    /** Forgets items that are done or dead; what was registered anew under the same key meanwhile stays. */
    void settle(Workload workload, Collection<ItemKey> keys);

    /** Of these, the items whose message is still in the list that the worker consumes. */
    Set<ItemKey> waiting(Workload workload, Set<ItemKey> keys);

    /** How many items are not settled. Works also when the workload's legacy side is not outside any more. */
    long open(Workload workload);

    /**
     * @param stamp what was decided at acceptance, with the evidence of the input
     * @param evidence the evidence for rows that the outside worker writes, see {@link ExternalResults#evidence}
     * @param message as it was handed over; null unless {@link ForwardedSample} took it
     */
    record Forwarded(
            Stamp stamp,
            String evidence,
            @SuppressWarnings("ArrayRecordComponent") byte @Nullable [] message) {}

    /**
     * @param message as the worker gave it up
     * @param pushed whether it came into the worker's dead-letter list since anybody looked last; else it may be a copy of
     *     an earlier life, and the worker may have this one in hand
     */
    record Dead(
            Forwarded forwarded,
            @SuppressWarnings("ArrayRecordComponent") byte[] message,
            boolean pushed) {}
}
