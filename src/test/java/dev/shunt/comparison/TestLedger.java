package dev.shunt.comparison;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Ledger rows and dead letters written by hand, to know every figure beforehand. */
final class TestLedger {

    private final JdbcClient sql;

    TestLedger(JdbcClient sql) {
        this.sql = sql;
    }

    void row(
            String key, String state, String decided, String executed, String reason, Instant accepted, Duration took) {
        sql.sql("""
                insert into ledger (accepted_on, workload, item_key, project_id, subject, state, way_in, decided_route,
                    executed_route, reason, bucket, basis_points, epoch, accepted_at, committed_at, duplicates, replays)
                values (:on, 'trace', :key, 'p', split_part(:key, ':', 2), :state, 'HTTP', :decided, :executed, :reason,
                    812, 1000, 7, :accepted, :committed, 1, 2)
                """)
                .param("on", accepted.atOffset(ZoneOffset.UTC).toLocalDate())
                .param("key", key)
                .param("state", state)
                .param("decided", decided)
                .param("executed", executed)
                .param("reason", reason)
                .param("accepted", accepted.atOffset(ZoneOffset.UTC))
                .param(
                        "committed",
                        state.equals("OPEN") ? null : accepted.plus(took).atOffset(ZoneOffset.UTC))
                .update();
    }

    void dead(String key, String route, Instant accepted, Instant died) {
        sql.sql("""
                insert into dead_letter (workload, raw_sha256, item_key, raw, route, reason, attempts, decided_route,
                    accepted_at, died_at)
                values ('trace', :key, :key, '\\x00', :route, 'ID is missing', 3, :route, :accepted, :died)
                """)
                .param("key", key)
                .param("route", route)
                .param("accepted", accepted.atOffset(ZoneOffset.UTC))
                .param("died", died.atOffset(ZoneOffset.UTC))
                .update();
    }

    static String key(String subject) {
        return "p:" + subject + ":0123456789abcdef";
    }
}
