package dev.shunt.legacy;

import dev.shunt.core.InFlight;
import dev.shunt.core.MessageCodec;
import dev.shunt.core.WorkloadCatalog;
import java.time.Clock;
import java.time.Duration;

/** The acceptance book and the registry in a test's own Redis. */
public final class TestInFlight implements AutoCloseable {

    private final RedisConnections connections;
    private final InFlight inFlight;

    public TestInFlight(String redisUrl, WorkloadCatalog catalog, MessageCodec codec, Clock clock) {
        connections = new RedisConnections(new RedisSettings(redisUrl, Duration.ofSeconds(2)));
        inFlight = new RedisInFlight(connections, catalog, new ListWalk(workload -> codec, clock));
    }

    public InFlight inFlight() {
        return inFlight;
    }

    @Override
    public void close() {
        connections.destroy();
    }
}
