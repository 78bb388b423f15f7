package dev.shunt.core;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The acceptance book and the registry: what was accepted and is not settled. Every method is one atomic step in Redis;
 * each throws {@link UnavailableException} when Redis cannot be reached or did not answer in time, in which case the
 * step may or may not have happened and is safe to repeat.
 */
public interface InFlight {

    /** Accepts an item on the legacy route: book and list in one step. */
    Registration acceptOnLegacy(Item item, RouteDecision decision);

    /** Accepts an item for Temporal: fence, book and registry in one step. The caller then starts the workflow. */
    Registration register(Item item, RouteDecision decision);

    /**
     * Takes an item out of the registry and pushes its full message, stamped LEGACY with the reason, where it is the
     * next to be consumed. No entry, no push: of several callers one wins.
     *
     * @return whether this call moved it
     */
    boolean handToLegacy(Workload workload, ItemKey key, Reason reason);

    /** Forgets items whose effects are committed, or that are dead letters: book and registry in one step. */
    void settle(Workload workload, Collection<ItemKey> keys);

    /** The book's entry of an item that is not settled. */
    Optional<Entry> find(Workload workload, ItemKey key);

    /** The book's entries of one subject, see {@link ItemKey#subjectKey()}. */
    List<Entry> ofSubject(Workload workload, String subjectKey);

    /**
     * One page of the registered items that were accepted before the given time, oldest first.
     *
     * @param after the last one of the page before; empty for the first page
     */
    List<Registered> registered(Workload workload, Instant acceptedBefore, Optional<Registered> after, int limit);

    /** The full stamped message of a registered item; empty if it is not registered any more. */
    Optional<byte[]> message(Workload workload, ItemKey key);

    /** Sizes of what is in flight: costs the same however much that is. */
    Counts counts(Workload workload);

    /** Length of the legacy list alone: cheap enough to be asked several times a second. */
    default long backlog(Workload workload) {
        return counts(workload).waiting();
    }

    /** Sizes and keys of what is in flight: as large as the book, so for background work only. */
    Census census(Workload workload);

    /** What the book held at the last census and was no entry of ours: fields, at most 100. They count as not there. */
    default Set<String> unreadable(Workload workload) {
        return Set.of();
    }

    /**
     * Takes a chore for a while, so that of several instances one does it. It saves work and promises nothing: two may do
     * the same.
     *
     * @param turn names this turn; the same one again renews it
     * @param lease until when others leave it alone; zero gives it back
     * @return whether it is this turn's
     */
    default boolean takeTurn(Workload workload, String chore, String turn, Duration lease) {
        return true;
    }

    /**
     * Hands over the book's entries accepted in {@code from <= t < before}, page by page, with all that was decided about
     * them. An entry that comes or goes meanwhile may be left out or come twice.
     */
    default void open(Workload workload, Instant from, Instant before, Consumer<List<Open>> page) {}

    /** What changes when Redis starts anew, and with that may have lost what it had not written yet; empty if unknown. */
    default Optional<String> serverRun() {
        return Optional.empty();
    }

    /** Raises the fence: registrations decided at an older epoch are refused from now on. Never lowers it. */
    void raiseFence(Workload workload, Epoch fence);

    /** The fence in force; {@link Epoch#NONE} if none was ever raised. */
    Epoch fence(Workload workload);

    /**
     * Stops all registrations, whatever their epoch, until {@link #liftStop}: a rollback that the flag's own store could
     * not record yet.
     *
     * @param order who, when and why, as one line of text
     */
    void orderStop(Workload workload, String order);

    Optional<String> stopOrder(Workload workload);

    /**
     * Lifts the stop if it still stands by this very order; another's stays.
     *
     * @return whether it was lifted
     */
    boolean liftStop(Workload workload, String order);

    /** The outcome of an acceptance. */
    sealed interface Registration {
        record Registered() implements Registration {}

        /** The key is in the book already. */
        record Duplicate(Entry entry) implements Registration {}

        /** A rollback overtook the decision; the item must be accepted on the legacy route instead. */
        record Fenced(Epoch fence) implements Registration {}
    }

    /** One accepted item that is not settled. */
    record Entry(ItemKey key, Route route, Epoch epoch, Instant acceptedAt) {}

    /** One accepted item that is not settled, with its whole decision. */
    record Open(ItemKey key, RouteDecision decision, WayIn wayIn, Instant acceptedAt) {}

    /** One registry entry without its message, which may be large. */
    record Registered(ItemKey key, Instant acceptedAt) {}

    /**
     * @param booked accepted items that are not settled
     * @param registered those of them whose payload is in the registry
     * @param waiting length of the legacy list
     * @param processing messages in processing lists of all consumers
     * @param oldestWaiting acceptance time of the message that is consumed next, if the list is not empty and it is known
     * @param oldestRegistered acceptance time of the oldest registered item
     * @param doorDuplicates per route, how often an acceptance met its own key in the book
     * @param undated digest of the message that is consumed next, if it does not say when it was accepted: a producer
     *     pushed it, and nobody has decided about it yet
     */
    record Counts(
            long booked,
            long registered,
            long waiting,
            long processing,
            Optional<Instant> oldestWaiting,
            Optional<Instant> oldestRegistered,
            Map<Route, Long> doorDuplicates,
            Optional<String> undated) {}

    /**
     * @param book every accepted item that is not settled, by key
     * @param registry keys whose payload is in the registry
     * @param waiting length of the legacy list
     * @param processing messages in processing lists of all consumers
     * @param oldestWaiting acceptance time of the message that is consumed next, if the list is not empty and it is known
     * @param doorDuplicates per route, how often an acceptance met its own key in the book
     */
    record Census(
            Map<ItemKey, Entry> book,
            Set<ItemKey> registry,
            long waiting,
            long processing,
            Optional<Instant> oldestWaiting,
            Map<Route, Long> doorDuplicates) {}

    /**
     * Which of these keys have their message in the legacy list or in any processing list. Walks the lists: for the few
     * keys that conservation cannot place elsewhere.
     */
    Set<ItemKey> presentOnLegacy(Workload workload, Set<ItemKey> keys);
}
