package dev.shunt.legacy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.core.ItemKey;
import dev.shunt.legacy.Script.Arguments;
import io.lettuce.core.KeyValue;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks into the lists of the worker outside. Its messages carry no stamp: they are known by their digests. */
final class OutsideList {

    /** Instead of a digest: there was no message. */
    private static final String EMPTY = "none";

    private static final int CHUNK = 500;
    private static final int CHUNK_BYTES = 8_000_000;

    private final LegacyKeys keys;
    private final OldWorker worker;

    private OutsideList(LegacyKeys keys, OldWorker worker) {
        this.keys = keys;
        this.worker = worker;
    }

    static OutsideList of(LegacyKeys keys, OldWorker worker) {
        return new OutsideList(keys, worker);
    }

    /** Of these items, those whose message is in the list that the worker consumes. */
    Set<ItemKey> waiting(RedisCommands<String, byte[]> redis, Set<ItemKey> sought) {
        Map<String, ItemKey> byDigest = new HashMap<>();
        List<ItemKey> all = List.copyOf(sought);
        for (int from = 0; from < all.size(); from += CHUNK) {
            String[] part = all.subList(from, Math.min(all.size(), from + CHUNK)).stream()
                    .map(ItemKey::value)
                    .toArray(String[]::new);
            for (KeyValue<String, byte[]> one : redis.hmget(keys.forwarded(), part)) {
                if (one.hasValue()) {
                    byDigest.put(OldWorker.digestOf(one.getValue()), new ItemKey(one.getKey()));
                }
            }
        }
        Set<ItemKey> found = new HashSet<>();
        if (!byDigest.isEmpty()) {
            walk(redis, worker.queue(), (digest, message) -> {
                ItemKey key = byDigest.get(digest);
                if (key != null) {
                    found.add(key);
                }
                return found.size() < byDigest.size();
            });
        }
        return found;
    }

    /**
     * What the worker gave up.
     *
     * @param messages by the forwarded items that they belong to, newest first
     * @param pushed those of them that came after the look before
     * @param newest digest of the newest message; {@link #EMPTY} if there is none
     */
    record GivenUp(Map<ItemKey, byte[]> messages, Set<ItemKey> pushed, String newest) {}

    /**
     * Messages that the worker gave up and that belong to forwarded items.
     *
     * @param seen the newest one of the look before, whoever looked; null if nobody did
     * @param all whether to go on behind that one
     */
    GivenUp givenUp(RedisCommands<String, byte[]> redis, @Nullable String seen, boolean all) {
        Map<String, byte[]> unseen = new LinkedHashMap<>();
        Map<ItemKey, byte[]> found = new LinkedHashMap<>();
        Set<ItemKey> pushed = new HashSet<>();
        List<String> newest = new ArrayList<>();
        boolean[] met = {EMPTY.equals(seen)};
        walk(redis, worker.deadLetters(), (digest, message) -> {
            if (newest.isEmpty()) {
                newest.add(digest);
            }
            if (!met[0] && digest.equals(seen)) {
                met[0] = true;
                match(redis, unseen, found);
                pushed.addAll(found.keySet());
                if (!all) {
                    return false;
                }
            }
            unseen.putIfAbsent(digest, message);
            if (unseen.size() >= CHUNK) {
                match(redis, unseen, found);
            }
            return true;
        });
        match(redis, unseen, found);
        // Who looked before and is not met again cannot tell what is new: somebody took that message out of the list.
        if (EMPTY.equals(seen)) {
            pushed.addAll(found.keySet());
        }
        return new GivenUp(found, pushed, newest.isEmpty() ? EMPTY : newest.getFirst());
    }

    private void match(RedisCommands<String, byte[]> redis, Map<String, byte[]> unseen, Map<ItemKey, byte[]> found) {
        if (unseen.isEmpty()) {
            return;
        }
        for (KeyValue<String, byte[]> one :
                redis.hmget(keys.forwardedDigests(), unseen.keySet().toArray(String[]::new))) {
            byte[] message = unseen.get(one.getKey());
            if (one.hasValue() && message != null) {
                found.putIfAbsent(new ItemKey(new String(one.getValue(), UTF_8)), message);
            }
        }
        unseen.clear();
    }

    /** From the head: a push only moves unseen messages further down, so none is skipped. */
    private static void walk(RedisCommands<String, byte[]> redis, String list, Visitor visitor) {
        long from = 0;
        while (true) {
            List<byte[]> chunk = new ArrayList<>(Script.PEEK
                    .run(
                            redis,
                            List.of(list),
                            new Arguments().and(from).and(CHUNK).and(CHUNK_BYTES))
                    .allBytes());
            if (chunk.isEmpty()) {
                return;
            }
            for (byte[] message : chunk) {
                if (!visitor.see(OldWorker.digest(message), message)) {
                    return;
                }
            }
            from += chunk.size();
        }
    }

    /** Sees one message after the other. */
    private interface Visitor {
        /** @return whether to go on */
        boolean see(String digest, byte[] message);
    }
}
