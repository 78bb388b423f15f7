package dev.shunt.legacy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.core.Instance;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Stamp;
import dev.shunt.legacy.Script.Arguments;
import dev.shunt.legacy.Script.Reply;
import dev.shunt.legacy.Taken.Dead;
import dev.shunt.legacy.Taken.ForLegacy;
import dev.shunt.legacy.Taken.ForTemporal;
import io.lettuce.core.LMoveArgs;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The messages in one consumer's hands: the list of one fetch generation, over the consumer's own connection. Every
 * method may end with {@link RedisException}; after that nobody knows what the list holds, and the only things to be done
 * with it are {@link #everything} and handling what that returns.
 */
final class ProcessingList {

    /** How long after its last heartbeat an instance may still turn out to have been paused only. */
    private static final Duration MEMORY = Duration.ofHours(24);

    /** A batch is decoded at once and takes several times its size: 64 of the largest bodies would fill a small heap. */
    private static final int ENOUGH_BYTES = 8_000_000;

    private final RedisCommands<String, byte[]> redis;
    private final LegacyKeys keys;
    private final String name;

    ProcessingList(RedisCommands<String, byte[]> redis, LegacyKeys keys, String name) {
        this.redis = redis;
        this.keys = keys;
        this.name = name;
    }

    /** Makes the list known to reapers; before the first fetch. */
    void open(Instance owner, Duration lease) {
        Script.OPEN_LIST.run(
                redis,
                List.of(keys.consumers(), keys.heartbeat(owner.id()), keys.seen(owner.id())),
                Arguments.of(name, owner.id()).and(lease.toMillis()).and(MEMORY.toMillis()));
    }

    static Arguments signOfLife(Instance owner, Duration lease) {
        return Arguments.of(owner.id()).and(lease.toMillis()).and(MEMORY.toMillis());
    }

    /** Waits for a first message, then takes what else is there; oldest first. */
    List<byte[]> fetch(int atMost, Duration block) {
        return fetch(atMost, block, () -> {}, () -> {});
    }

    /**
     * The same, with a pause after the first message.
     *
     * @param linger gives others the time to arrive
     * @param rest waits where the server cannot: it is out of memory and has no message
     */
    List<byte[]> fetch(int atMost, Duration block, Runnable linger, Runnable rest) {
        byte @Nullable [] first;
        try {
            first = redis.blmove(keys.queue(), name, LMoveArgs.Builder.rightLeft(), block.toMillis() / 1000.0);
        } catch (RedisCommandExecutionException refused) {
            if (!Script.isFull(refused)) {
                throw refused;
            }
            return fetchFromFull(atMost, rest);
        }
        if (first == null) {
            return List.of();
        }
        List<byte[]> batch = new ArrayList<>();
        batch.add(first);
        if (atMost > 1) {
            linger.run();
            batch.addAll(Script.FETCH_MORE
                    .run(
                            redis,
                            List.of(keys.queue(), name, keys.consumers()),
                            new Arguments().and(atMost - 1).and(ENOUGH_BYTES - first.length))
                    .allBytes());
        }
        return batch;
    }

    /** A server out of memory refuses BLMOVE, though it needs none: without this, what fills it could never be consumed. */
    private List<byte[]> fetchFromFull(int atMost, Runnable rest) {
        List<byte[]> batch = move(keys.queue(), atMost);
        if (batch.isEmpty()) {
            rest.run();
        }
        return batch;
    }

    private List<byte[]> move(String from, int atMost) {
        return Script.FETCH_MORE
                .run(
                        redis,
                        List.of(from, name, keys.consumers()),
                        new Arguments().and(atMost).and(ENOUGH_BYTES))
                .allBytes();
    }

    /** One message that a dead consumer had in hand, if there is one. */
    Optional<byte[]> fetchRecovered() {
        try {
            return Optional.ofNullable(redis.lmove(keys.recovered(), name, LMoveArgs.Builder.rightLeft()));
        } catch (RedisCommandExecutionException refused) {
            if (!Script.isFull(refused)) {
                throw refused;
            }
            return move(keys.recovered(), 1).stream().findFirst();
        }
    }

    /** Everything that is in the list, oldest first. */
    List<byte[]> everything() {
        return redis.lrange(name, 0, -1).reversed();
    }

    /** What the book says of these keys. */
    Map<ItemKey, BookEntry> booked(List<ItemKey> sought) {
        Map<ItemKey, BookEntry> found = new HashMap<>();
        for (ItemKey key : sought) {
            BookEntry.read(redis.hget(keys.book(), key.value())).ifPresent(entry -> found.put(key, entry));
        }
        return found;
    }

    /** Moves messages into the registry; see {@code tap-register.lua} for the answers. */
    Reply register(List<ForTemporal> messages) {
        var arguments = new Arguments();
        for (ForTemporal message : messages) {
            arguments
                    .and(message.raw())
                    .and(message.stamp().key().value())
                    .and(BookEntry.of(message.stamp()).text())
                    .and(message.stamp().appendTo(message.message()))
                    .and(message.stamp().decision().epoch().value())
                    .and(BookEntry.micros(message.stamp().acceptedAt()));
        }
        return Script.TAP_REGISTER.run(
                redis,
                List.of(name, keys.book(), keys.registry(), keys.age(), keys.fence(), keys.stop(), keys.duplicates()),
                arguments);
    }

    /** Puts messages that stay into the book; see {@code tap-book.lua} for the answers. */
    Reply book(List<ForLegacy> messages) {
        var arguments = new Arguments();
        for (ForLegacy message : messages) {
            arguments
                    .and(message.raw())
                    .and(message.delivery().key().value())
                    .and(BookEntry.of(message.delivery().stamp()).text());
        }
        return Script.TAP_BOOK.run(redis, List.of(name, keys.book()), arguments);
    }

    /** Hands messages to the worker outside; see {@code forward.lua} for the answers. */
    Reply forward(OldWorker worker, List<ForLegacy> messages) {
        var arguments = new Arguments();
        for (ForLegacy message : messages) {
            Stamp stamp = message.delivery().stamp();
            byte[] unstamped = message.delivery().message();
            arguments
                    .and(message.raw())
                    .and(stamp.key().value())
                    .and(BookEntry.of(stamp).text())
                    .and(unstamped)
                    .and(worker.remembered(unstamped, stamp))
                    .and(BookEntry.micros(stamp.acceptedAt()));
        }
        return Script.FORWARD.run(
                redis,
                List.of(
                        name,
                        keys.book(),
                        worker.queue(),
                        keys.forwarded(),
                        keys.forwardedAge(),
                        keys.forwardedDigests(),
                        keys.registry(),
                        keys.duplicates()),
                arguments);
    }

    /**
     * Forgets the messages in hand and settles their keys, once their effects are committed.
     *
     * @param handled how many messages the list must hold
     * @return false if it holds another number: nothing was changed
     */
    boolean acknowledge(int handled, Collection<ItemKey> settled) {
        Arguments arguments = new Arguments().and(handled);
        settled.forEach(key -> arguments.and(key.value()));
        return Script.ACKNOWLEDGE
                        .run(redis, List.of(name, keys.book(), keys.registry(), keys.age()), arguments)
                        .number(0)
                == 1;
    }

    /** Moves a message to the dead-letter list, without its stamp, and settles its key; once. */
    boolean bury(Dead dead) {
        ItemKey key = dead.key();
        return Script.BURY
                        .run(
                                redis,
                                List.of(name, keys.deadLetters(), keys.book(), keys.registry(), keys.age()),
                                new Arguments()
                                        .and(dead.raw())
                                        .and(dead.message())
                                        .and(key == null ? "" : key.value()))
                        .number(0)
                == 1;
    }

    void suspect(Suspect suspect) {
        var unused = Script.SUSPECT.run(redis, List.of(keys.suspects()), Arguments.of(name, suspect.mark()));
    }

    void unsuspect() {
        redis.hdel(keys.suspects(), name);
    }

    /** The deaths that a message is blamed for. */
    Deaths deathsOf(Suspect suspect) {
        byte @Nullable [] instances = redis.hget(keys.deaths(), suspect.sha256());
        byte @Nullable [] key = redis.hget(keys.deaths(), suspect.sha256() + "|key");
        return new Deaths(
                instances == null ? 0 : new String(instances, UTF_8).split(" ").length,
                key == null ? Optional.empty() : Optional.of(new ItemKey(new String(key, UTF_8))));
    }

    void acquit(Suspect suspect) {
        redis.hdel(keys.deaths(), suspect.sha256(), suspect.sha256() + "|key");
    }

    /**
     * @param processes how many died with it alone in hand
     * @param key its key, if one of them lived long enough to find out
     */
    record Deaths(int processes, Optional<ItemKey> key) {}
}
