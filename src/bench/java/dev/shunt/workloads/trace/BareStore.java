package dev.shunt.workloads.trace;

import dev.shunt.core.Bucket;
import dev.shunt.core.Delivery;
import dev.shunt.core.Epoch;
import dev.shunt.core.Item;
import dev.shunt.core.MessageCodec.Reading;
import dev.shunt.core.Percentage;
import dev.shunt.core.RouteDecision;
import dev.shunt.store.BareCommit;
import dev.shunt.store.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** The statement of both routes from a bare JDBC loop: what the legacy route is held against. */
public final class BareStore implements AutoCloseable {

    private final Connection connection;
    private final TraceStatement statement = new TraceStatement(false);
    private final TraceMessageCodec codec = new TraceMessageCodec(RoutingKeyChoice.of("trace"));
    private List<List<Work<TraceMessage>>> groups = List.of();

    public BareStore(DataSource migrated) throws SQLException {
        loadPrices(migrated);
        connection = migrated.getConnection();
        connection.setAutoCommit(false);
    }

    public static void loadPrices(DataSource migrated) {
        new PriceList(migrated).load();
    }

    /** Reads and decodes beforehand: that is no part of the loop. */
    public void prepare(List<byte[]> messages, int groupSize) {
        List<List<Work<TraceMessage>>> prepared = new ArrayList<>();
        for (int from = 0; from < messages.size(); from += groupSize) {
            prepared.add(messages.subList(from, Math.min(from + groupSize, messages.size())).stream()
                    .map(this::work)
                    .toList());
        }
        groups = prepared;
    }

    private Work<TraceMessage> work(byte[] message) {
        if (!(codec.read(message, Instant.now()) instanceof Reading.Read read)) {
            throw new IllegalArgumentException("not a trace");
        }
        Item item = read.item();
        var decision =
                RouteDecision.byFlag(Bucket.of(item.workload(), item.routingKey()), Percentage.ZERO, new Epoch(1));
        var delivery = Delivery.onLegacy(item.workload(), item.stamp(decision), item.message());
        if (!(TraceDecoding.decode(delivery) instanceof TraceDecoding.Decoded decoded)) {
            throw new IllegalArgumentException("not a trace");
        }
        return new Work<>(delivery, decoded.content());
    }

    /** Writes what was prepared, group after group. */
    public void write() throws SQLException {
        for (List<Work<TraceMessage>> group : groups) {
            BareCommit.write(connection, statement, group);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
