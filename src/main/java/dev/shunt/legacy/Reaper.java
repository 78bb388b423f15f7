package dev.shunt.legacy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.core.Instance;
import dev.shunt.legacy.Script.Arguments;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives back what dead instances had in hand, and what turns up in lists that this instance has left behind. */
final class Reaper {

    private static final Logger log = LoggerFactory.getLogger(Reaper.class);

    private final LegacyKeys keys;
    private final Instance instance;
    private final LegacyMetrics metrics;

    Reaper(LegacyKeys keys, Instance instance, LegacyMetrics metrics) {
        this.keys = keys;
        this.instance = instance;
        this.metrics = metrics;
    }

    /**
     * @param listsInUse those of this instance that its loops may touch; asked after the set was read, because a loop
     *     names its list before it enters it there: a list that is in the set and not in use will never be used again
     */
    void reap(RedisCommands<String, byte[]> redis, Supplier<Set<String>> listsInUse) {
        Set<byte[]> members = redis.smembers(keys.consumers());
        Set<String> inUse = listsInUse.get();
        for (byte[] member : members) {
            String list = new String(member, UTF_8);
            String owner = keys.ownerOf(list);
            boolean abandoned = owner.equals(instance.id()) && !inUse.contains(list);
            long moved = recover(redis, list, owner, abandoned);
            if (moved > 0) {
                metrics.recovered(moved);
                log.warn(
                        "{} messages in {} were given back: {}. They are handled one at a time, next",
                        moved,
                        list,
                        abandoned ? "they came in after it was left" : "its owner has no heartbeat");
            }
        }
    }

    private long recover(RedisCommands<String, byte[]> redis, String list, String owner, boolean abandoned) {
        return Script.RECOVER
                .run(
                        redis,
                        List.of(
                                keys.heartbeat(owner),
                                list,
                                keys.recovered(),
                                keys.suspects(),
                                keys.deaths(),
                                keys.seen(owner),
                                keys.consumers()),
                        Arguments.of(owner, abandoned ? "ABANDONED" : "DEAD"))
                .number(0);
    }
}
