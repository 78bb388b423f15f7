package dev.shunt.routing;

import dev.shunt.core.Epoch;
import dev.shunt.core.Workload;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The table in which each instance says which version of each flag it obeys. */
final class Acknowledgements {

    private static final String WRITE = """
            insert into flag_acknowledgement (instance, workload, epoch, held, lease_ms, seen_at, leaseless)
            select ?, a.workload, a.epoch, a.held, ?, clock_timestamp(), a.leaseless
            from unnest(?::text[], ?::bigint[], ?::boolean[], ?::boolean[]) as a (workload, epoch, held, leaseless)
            order by a.workload
            on conflict (instance, workload) do update
                set epoch = excluded.epoch, held = excluded.held, lease_ms = excluded.lease_ms, seen_at = excluded.seen_at,
                    leaseless = excluded.leaseless
            """;
    private static final String READ = """
            select instance, epoch, held, leaseless, seen_at, ends_at, ends_at > clock_timestamp() as live
            from flag_acknowledgement,
                 lateral (select seen_at + make_interval(secs => (lease_ms + 1000) / 1000.0) as ends_at) as lease
            where workload = ? and seen_at > clock_timestamp() - interval '10 minutes'
            order by instance
            """;
    private static final String FORGET =
            "delete from flag_acknowledgement where seen_at < clock_timestamp() - interval '1 day'";
    private static final String LEAVE = "delete from flag_acknowledgement where instance = ?";

    private final String instance;
    private final Duration lease;

    Acknowledgements(String instance, Duration lease) {
        this.instance = instance;
        this.lease = lease;
    }

    void write(Connection connection, Map<Workload, FlagCell> cells, boolean held) throws SQLException {
        var workloads = new ArrayList<String>();
        var epochs = new ArrayList<Long>();
        var holds = new ArrayList<Boolean>();
        var leaseless = new ArrayList<Boolean>();
        cells.forEach((workload, cell) -> {
            workloads.add(workload.name());
            epochs.add(cell.snapshot().epoch().value());
            holds.add(held);
            leaseless.add(!held && cell.snapshot().retired());
        });
        try (var statement = connection.prepareStatement(WRITE)) {
            statement.setString(1, instance);
            statement.setLong(2, lease.toMillis());
            statement.setArray(3, connection.createArrayOf("text", workloads.toArray()));
            statement.setArray(4, connection.createArrayOf("bigint", epochs.toArray()));
            statement.setArray(5, connection.createArrayOf("boolean", holds.toArray()));
            statement.setArray(6, connection.createArrayOf("boolean", leaseless.toArray()));
            statement.executeUpdate();
        }
    }

    /** Instances heard of in the last ten minutes. */
    static List<InstanceState> read(Connection connection, Workload workload) throws SQLException {
        var instances = new ArrayList<InstanceState>();
        try (var statement = connection.prepareStatement(READ)) {
            statement.setString(1, workload.name());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    instances.add(new InstanceState(
                            row.getString("instance"),
                            new Epoch(row.getLong("epoch")),
                            row.getBoolean("held"),
                            row.getObject("seen_at", OffsetDateTime.class).toInstant(),
                            row.getObject("ends_at", OffsetDateTime.class).toInstant(),
                            row.getBoolean("live"),
                            row.getBoolean("leaseless")));
                }
            }
        }
        return instances;
    }

    static void forgetOld(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement(FORGET)) {
            statement.executeUpdate();
        }
    }

    void leave(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement(LEAVE)) {
            statement.setString(1, instance);
            statement.executeUpdate();
        }
    }
}
