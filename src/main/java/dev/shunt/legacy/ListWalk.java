package dev.shunt.legacy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.core.ItemKey;
import dev.shunt.core.MessageCodec;
import dev.shunt.core.Stamp;
import dev.shunt.core.Workload;
import dev.shunt.legacy.Script.Arguments;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks for keys in the lists. Goes with the stream (queue from its head, processing lists, recovered, processing lists
 * again), so a message that moves on during the walk is met further down; one that is met nowhere was settled meanwhile.
 */
final class ListWalk {

    private static final int CHUNK = 500;

    /** Messages may be as large as a body: 500 of those would fill any heap. */
    private static final int CHUNK_BYTES = 8_000_000;

    private final Codecs codecs;
    private final Clock clock;

    ListWalk(Codecs codecs, Clock clock) {
        this.codecs = codecs;
        this.clock = clock;
    }

    Set<ItemKey> find(RedisCommands<String, byte[]> redis, LegacyKeys keys, Set<ItemKey> sought) {
        Set<ItemKey> found = new HashSet<>();
        walk(redis, keys, keys.queue(), sought, found);
        walkProcessing(redis, keys, sought, found);
        walk(redis, keys, keys.recovered(), sought, found);
        walkProcessing(redis, keys, sought, found);
        return found;
    }

    private void walkProcessing(
            RedisCommands<String, byte[]> redis, LegacyKeys keys, Set<ItemKey> sought, Set<ItemKey> found) {
        for (byte[] list : redis.smembers(keys.consumers())) {
            walk(redis, keys, new String(list, UTF_8), sought, found);
        }
    }

    /** From the head: a push only moves unseen messages further down, so none is skipped. */
    private void walk(
            RedisCommands<String, byte[]> redis,
            LegacyKeys keys,
            String list,
            Set<ItemKey> sought,
            Set<ItemKey> found) {
        long from = 0;
        while (found.size() < sought.size()) {
            List<byte[]> chunk = page(redis, list, from, CHUNK);
            if (chunk.isEmpty()) {
                return;
            }
            for (byte[] raw : chunk) {
                keyOf(keys, raw).filter(sought::contains).ifPresent(found::add);
            }
            from += chunk.size();
        }
    }

    /** Messages of a list in its order, so few that a small heap holds them; one at least, unless the list ends there. */
    static List<byte[]> page(RedisCommands<String, byte[]> redis, String list, long from, int most) {
        return Script.PEEK
                .run(redis, List.of(list), new Arguments().and(from).and(most).and(CHUNK_BYTES))
                .allBytes();
    }

    private Optional<ItemKey> keyOf(LegacyKeys keys, byte[] raw) {
        Optional<Stamp> stamp = Stamp.split(raw).stamp();
        if (stamp.isPresent()) {
            return stamp.map(Stamp::key);
        }
        return codecs.of(keys.workload()).read(raw, clock.instant()) instanceof MessageCodec.Reading.Read read
                ? Optional.of(read.item().key())
                : Optional.empty();
    }

    /** The message codec of a workload; asked late, because a workload's own beans may need the registry. */
    interface Codecs {
        MessageCodec of(Workload workload);
    }
}
