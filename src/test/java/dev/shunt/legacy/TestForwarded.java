package dev.shunt.legacy;

import dev.shunt.core.ForwardedItems;
import dev.shunt.core.ForwardedSample;
import dev.shunt.core.InFlight;
import dev.shunt.core.MessageCodec;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** A workload whose legacy side is, or was, a worker outside, in a test's own Redis. */
public final class TestForwarded implements AutoCloseable {

    private static final String QUEUE = "outside:list";

    private final RedisConnections connections;
    private final WorkloadCatalog catalog;
    private final MessageCodec codec;
    private final OldWorker worker;

    public TestForwarded(String redisUrl, WorkloadCatalog catalog, Workload workload, MessageCodec codec) {
        this(redisUrl, catalog, workload, codec, ForwardedSample.NONE);
    }

    /** @param kept which messages are remembered */
    public TestForwarded(
            String redisUrl, WorkloadCatalog catalog, Workload workload, MessageCodec codec, ForwardedSample kept) {
        this.connections = new RedisConnections(new RedisSettings(redisUrl, Duration.ofSeconds(2)));
        this.catalog = catalog;
        this.codec = codec;
        this.worker = new OldWorker(workload, QUEUE, "outside:given-up", message -> "evidence", kept);
    }

    /** @param outside whether the worker is configured */
    public InFlight inFlight(boolean outside) {
        return new RedisInFlight(
                connections, catalog, new ListWalk(workload -> codec, Clock.systemUTC()), place(outside));
    }

    /** @param outside whether the worker is configured */
    public ForwardedItems items(boolean outside) {
        return new RedisForwardedItems(connections, catalog, place(outside));
    }

    private Optional<OldWorker> place(boolean outside) {
        return outside ? Optional.of(worker) : Optional.empty();
    }

    /** The worker takes a message and does nothing with it yet. */
    public void takeOne() {
        connections.step("taking what was handed over", commands -> commands.rpop(QUEUE));
    }

    /** The worker gives a message up. */
    public void giveUp(byte[] message) {
        connections.step("giving up", commands -> commands.lpush(worker.deadLetters(), message));
    }

    @Override
    public void close() {
        connections.destroy();
    }
}
