package dev.shunt.legacy;

import dev.shunt.core.Instance;
import dev.shunt.core.UnavailableException;
import dev.shunt.legacy.Script.Arguments;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows that this instance is alive and looks after those that are not, once per heartbeat. The heartbeat is for the
 * loops, not for the process: one that hangs silences it.
 */
final class Keeper {

    private static final Logger log = LoggerFactory.getLogger(Keeper.class);

    private final LegacyKeys keys;
    private final Instance instance;
    private final LegacySettings settings;
    private final RedisConnections connections;
    private final Reaper reaper;
    private final LegacyMetrics metrics;
    private final LongSupplier nanos;
    private final List<Slot> slots;

    private long reapFrom;
    private boolean away;

    /** @param nanos a time that nobody can set, as {@link System#nanoTime} */
    Keeper(
            LegacyKeys keys,
            Instance instance,
            LegacySettings settings,
            RedisConnections connections,
            Reaper reaper,
            LegacyMetrics metrics,
            LongSupplier nanos,
            List<Slot> slots) {
        this.keys = keys;
        this.instance = instance;
        this.settings = settings;
        this.connections = connections;
        this.reaper = reaper;
        this.metrics = metrics;
        this.nanos = nanos;
        this.reapFrom = nanos.getAsLong();
        this.slots = List.copyOf(slots);
    }

    /** Never throws: it is tried again with the next heartbeat. */
    void tick() {
        try {
            connections.step("keeping the heartbeat of " + keys.queue(), redis -> {
                keep(redis);
                return true;
            });
            if (away) {
                log.info("Redis answers again; {} is kept as before", keys.queue());
            }
            away = false;
        } catch (UnavailableException unreachable) {
            // Others could not renew their heartbeats either: they get one lease to do so once Redis is back.
            reapFrom = nanos.getAsLong() + settings.lease().toNanos();
            if (!away) {
                log.warn(
                        "{}: {}. Nothing is taken from other instances until a lease after it is back",
                        unreachable.getMessage(),
                        String.valueOf(unreachable.getCause()));
            }
            away = true;
        } catch (RuntimeException | Error fault) { // nobody would start the heartbeat again
            log.error("The heartbeat of {} failed; it is tried again in {}", keys.queue(), settings.heartbeat(), fault);
        }
    }

    private void keep(RedisCommands<String, byte[]> redis) {
        if (slots.stream().allMatch(slot -> slot.pulse().alive(settings.stall()))) {
            beat(redis);
        } else {
            log.error("A consumer of {} makes no progress; its messages go to others after the lease", keys.queue());
        }
        if (nanos.getAsLong() - reapFrom >= 0) {
            reaper.reap(redis, this::listsInUse);
        }
        metrics.waiting(redis.llen(keys.queue()));
    }

    private Set<String> listsInUse() {
        return slots.stream()
                .flatMap(slot -> slot.fetching().listInUse().stream())
                .collect(Collectors.toSet());
    }

    private void beat(RedisCommands<String, byte[]> redis) {
        Arguments arguments = ProcessingList.signOfLife(instance, settings.lease());
        listsInUse().forEach(arguments::and);
        Script.HEARTBEAT.run(
                redis, List.of(keys.consumers(), keys.heartbeat(instance.id()), keys.seen(instance.id())), arguments);
    }

    /** The last sign: this instance is gone, and its empty lists with it. */
    void leave() {
        try {
            var arguments = new Arguments();
            listsInUse().forEach(arguments::and);
            connections.step(
                    "leaving " + keys.queue(),
                    redis -> Script.CLOSE_LISTS.run(
                            redis, List.of(keys.consumers(), keys.heartbeat(instance.id())), arguments));
        } catch (UnavailableException unreachable) {
            log.warn("Could not take leave of {}; others notice after the lease", keys.queue());
        }
    }
}
