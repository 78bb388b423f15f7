package dev.shunt.store;

import dev.shunt.core.Percentage;
import dev.shunt.core.Shadowing;
import dev.shunt.core.Shadowing.Mode;
import dev.shunt.core.Workload;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;

/**
 * What was ordered about shadow pairs. Nothing is changed or removed: the newest order of a workload is in force, and a
 * rollback that was recorded since, by whomever, suspends it.
 */
public final class ShadowOrders {

    private static final String IN_FORCE = """
            select n.workload, n.basis_points, n.mode, n.suspended or r.id is not null as suspended,
                coalesce(r.recorded_at, n.changed_at) as changed_at, coalesce(r.ordered_by, n.changed_by) as changed_by,
                coalesce('rollback: ' || r.reason, n.reason) as reason
            from (select distinct on (workload) * from shadow_setting order by workload, id desc) n
            left join lateral (
                select * from rollback_order o
                where o.workload = n.workload and o.recorded_at > n.changed_at and not n.suspended and n.basis_points > 0
                order by o.recorded_at desc limit 1) r on true
            """;

    private final Reads reads;

    ShadowOrders(DataSource database) {
        this.reads = new Reads(database);
    }

    /** @throws dev.shunt.core.UnavailableException if Postgres cannot be read */
    public Map<Workload, Shadowing> inForce() {
        Map<Workload, Shadowing> orders = new HashMap<>();
        reads.ask(
                        "reading what was ordered about shadow pairs",
                        jdbc -> jdbc.sql(IN_FORCE)
                                .query((row, number) -> Map.entry(
                                        new Workload(row.getString("workload")),
                                        new Shadowing(
                                                new Percentage(row.getInt("basis_points")),
                                                Mode.valueOf(row.getString("mode")),
                                                row.getBoolean("suspended"),
                                                Reads.time(row, "changed_at"),
                                                row.getString("changed_by"),
                                                row.getString("reason"))))
                                .list())
                .forEach(order -> orders.put(order.getKey(), order.getValue()));
        return orders;
    }

    /** @throws dev.shunt.core.UnavailableException if Postgres does not take it */
    public void order(Workload workload, Percentage share, Mode mode, String actor, String reason) {
        reads.ask(
                "ordering shadow pairs of " + workload,
                jdbc -> jdbc.sql("""
                        insert into shadow_setting (workload, basis_points, mode, changed_by, reason)
                        values (:workload, :share, :mode, :actor, :reason)
                        """)
                        .param("workload", workload.name())
                        .param("share", share.basisPoints())
                        .param("mode", mode.name())
                        .param("actor", actor)
                        .param("reason", reason)
                        .update());
    }

    /** Puts what is in force on hold; nothing if nothing runs. */
    public void suspend(Workload workload, String actor, String reason) {
        reads.ask(
                "suspending shadow pairs of " + workload,
                jdbc -> jdbc.sql("""
                        insert into shadow_setting (workload, basis_points, mode, suspended, changed_by, reason)
                        select workload, basis_points, mode, true, :actor, :reason from (
                            select * from shadow_setting where workload = :workload order by id desc limit 1) newest
                        where not suspended and basis_points > 0
                        """)
                        .param("workload", workload.name())
                        .param("actor", actor)
                        .param("reason", reason)
                        .update());
    }
}
