package dev.shunt.legacy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The consumers of one workload on this instance, with their keeper. */
final class ConsumerGroup {

    private static final Logger log = LoggerFactory.getLogger(ConsumerGroup.class);
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final LegacyKeys keys;
    private final LegacySettings settings;
    private final List<Slot> slots;
    private final Keeper keeper;
    private final StopSignal stop;
    private final List<Thread> threads = new ArrayList<>();
    private final ScheduledExecutorService heartbeat;

    ConsumerGroup(LegacyKeys keys, LegacySettings settings, List<Slot> slots, Keeper keeper, StopSignal stop) {
        this.keys = keys;
        this.settings = settings;
        this.slots = List.copyOf(slots);
        this.keeper = keeper;
        this.stop = stop;
        this.heartbeat = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform()
                .daemon()
                .name("legacy-" + keys.workload() + "-heartbeat")
                .factory());
    }

    void start() {
        for (int i = 0; i < slots.size(); i++) {
            threads.add(Thread.ofPlatform()
                    .daemon()
                    .name("legacy-" + keys.workload() + "-" + i)
                    .start(slots.get(i)));
        }
        long period = settings.heartbeat().toMillis();
        var unused = heartbeat.scheduleWithFixedDelay(keeper::tick, 0, period, TimeUnit.MILLISECONDS);
        log.info("{} consumers take batches of {} from {}", slots.size(), settings.batch(), keys.queue());
    }

    /** Lets the batch in hand finish, then takes leave; heartbeats go on until then. */
    void stop() {
        stop.ask();
        boolean finished = joined(settings.drain());
        stop.expire();
        if (!finished && !joined(LAST_WORDS)) {
            log.warn("A batch of {} is still being handled; it is handled again elsewhere", keys.queue());
        }
        endHeartbeat();
        keeper.leave();
        log.info("The consumers of {} have stopped", keys.queue());
    }

    /** A last heartbeat after the leave would keep others waiting for a lease. */
    private void endHeartbeat() {
        heartbeat.shutdown();
        try {
            if (!heartbeat.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)) {
                heartbeat.shutdownNow();
            }
        } catch (InterruptedException hurried) {
            heartbeat.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private boolean joined(Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        try {
            for (Thread thread : threads) {
                if (!thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())))) {
                    return false;
                }
            }
            return true;
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
