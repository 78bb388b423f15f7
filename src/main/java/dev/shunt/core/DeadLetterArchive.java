package dev.shunt.core;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The dead letters as people read and move them on. A letter changes its state only by a condition on the one before, so
 * of two who try the same one wins. Every method throws {@link UnavailableException} when the table cannot be reached.
 */
public interface DeadLetterArchive {

    /** Oldest first, without their bytes. */
    List<Letter> list(Filter filter);

    /** One letter with its bytes and what was done about it. */
    Optional<Content> find(long id);

    /**
     * Marks a dead letter as replayed and its item as open again, in one step, before anything is sent: from here on the
     * item counts as accepted and not settled, and {@link #stranded} finds it until its effects are committed.
     *
     * @param key the item's key as far as it is known now; kept if the letter had none
     * @return false if it is not DEAD (any more): somebody else did it, or it was discarded; a letter without key is
     *     discarded here if the same message is kept under this key too
     */
    boolean claimForReplay(long id, ItemKey key, String by);

    /** Puts a letter that still cannot be read back among the dead, with one more attempt. */
    void stillDead(long id, String reason);

    /** @return false if it is not DEAD (any more) */
    boolean discard(long id, String by, String why);

    /**
     * Replayed letters that nobody has looked at for a while and that are not known to be stored. Each is given to one
     * caller, and again only after that while.
     */
    List<Content> stranded(int limit);

    /** Remembers that a replayed item's effects are committed, if the ledger says so. */
    boolean confirmStored(long id);

    /** What happened to a message that could not be processed. */
    enum State {
        DEAD,
        /** Sent again; if it dies again it is DEAD again. */
        REPLAYED,
        DISCARDED
    }

    /**
     * @param workload null for all
     * @param state null for all
     * @param reason the beginning of the reason; null for all
     * @param after only letters with a larger id
     * @param limit at most this many
     */
    record Filter(
            @Nullable Workload workload,
            @Nullable State state,
            @Nullable String reason,
            long after,
            int limit) {}

    /**
     * @param key null if the message could not be decoded far enough to have one
     * @param route the one that gave it up last
     * @param reason names the field
     * @param attempts over all its lives
     * @param replays how often it was sent again
     * @param bytes size of the message
     * @param acceptedAt null if it never was
     * @param storedAt when its replay was seen to be stored; null if not, or not yet
     */
    record Letter(
            long id,
            Workload workload,
            @Nullable ItemKey key,
            Route route,
            String reason,
            State state,
            int attempts,
            int replays,
            int bytes,
            @Nullable Instant acceptedAt,
            Instant diedAt,
            @Nullable Instant storedAt) {}

    /**
     * @param raw the message as the producer sent it, without a stamp
     * @param wayIn null if it was never accepted
     * @param evidence see {@link Item#evidence()}; null if it was never accepted
     * @param actions oldest first
     */
    record Content(
            Letter letter,
            @SuppressWarnings("ArrayRecordComponent") byte[] raw,
            @Nullable WayIn wayIn,
            @Nullable String evidence,
            List<Action> actions) {}

    /**
     * @param what REPLAY or DISCARD
     * @param by who ordered it
     * @param why empty for a replay
     */
    record Action(Instant at, String what, String by, String why) {}
}
