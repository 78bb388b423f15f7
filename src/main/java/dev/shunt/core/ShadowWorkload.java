package dev.shunt.core;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * What a workload brings to have its items processed a second time with the effects kept apart. One bean of this type
 * beside its {@link WorkloadDefinition}; a workload without one has no shadow pairs.
 *
 * <p>A shadow run writes to private tables, under an item key of its own ({@link #runKey}): by that alone runs cannot see
 * each other. It must never open a transaction on live tables; {@link #primaries} only reads them.
 */
public interface ShadowWorkload {

    Workload workload();

    /** The legacy route's effects, on private tables. */
    ItemHandler handler();

    /** The Temporal route's workflow and steps, on private tables. */
    WorkflowBinding workflow();

    /** Makes the private tables ready; repeated by every instance and after every outage. */
    void prepare();

    /**
     * Reads, all as of one moment and after the fact, what the primary made of items and what it had met.
     *
     * @param since no item was committed earlier
     * @return one for each delivery, in order
     * @throws UnavailableException if the tables cannot be read now
     */
    List<Primary> primaries(List<Delivery> primaries, Instant since);

    /** Copies what primaries had met to the private tables, for their runs. */
    void seed(List<Seed> seeds);

    /** Reads what runs made of their items. */
    ResultProjection results();

    /** Of a run's result, what can be held against its primary's: all of it, unless the primary's place keeps less. */
    default Canonical comparable(Primary primary, Canonical result) {
        return result;
    }

    /** Removes everything of these runs. */
    void remove(Collection<ItemKey> runs);

    /** Removes everything of runs that began longer ago than this: a crash leaves them behind. */
    void removeLeftovers(Duration age);

    /** The item key under which a run stores: its project begins with the run's id. */
    static ItemKey runKey(String id, ItemKey key) {
        return ItemKey.of("~" + id + "~" + key.project(), key.subject(), key.digest());
    }

    /**
     * What the primary made of an item.
     *
     * @param state whether it can be compared
     * @param result what is stored
     * @param met what the item had met there, for {@link #seed}; opaque
     */
    record Primary(State state, Canonical result, Object met) {

        public enum State {
            READY,
            /** A later step is still to come. */
            UNFINISHED,
            /** What it had met cannot be told any more. */
            UNKNOWN
        }
    }

    /** @param run the key of the run that is to meet what the primary had met */
    record Seed(ItemKey run, Primary primary) {}
}
