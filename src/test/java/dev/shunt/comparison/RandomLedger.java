package dev.shunt.comparison;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.SplittableRandom;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rows that could be there, changed as work changes them. */
final class RandomLedger {

    private final JdbcClient sql;
    private final SplittableRandom random;
    private int next;

    RandomLedger(JdbcClient sql, SplittableRandom random) {
        this.sql = sql;
        this.random = random;
    }

    /** Items accepted at random times, the same instant and the full minute among them. */
    void grow(int items, Instant from, Instant until) {
        for (int i = 0; i < items; i++) {
            Instant accepted = anyTime(from, until);
            String state = one("OPEN", "PENDING", "DONE", "DONE", "DONE", "DEAD");
            boolean stored = state.equals("PENDING") || state.equals("DONE");
            boolean noted = stored && random.nextInt(5) > 0;
            Instant started = accepted.plusNanos(random.nextLong(-2_000_000L, 3_000_000_000L));
            Instant committed = started.plusNanos(random.nextLong(0, 9_000_000_000L));
            sql.sql("""
                    insert into ledger (accepted_on, workload, item_key, project_id, subject, state, way_in,
                        decided_route, executed_route, reason, bucket, basis_points, epoch, accepted_at, committed_at,
                        duplicates, replays, started_at, attempts, temporal_actions, rows_written, done_at, changed_at)
                    values (:on, 'trace', :key, 'p', :subject, :state, :wayIn, :decided, :executed, :reason, 812, 1000,
                        7, :accepted, :committed, :duplicates, :replays, :started, :attempts, :actions, :rows, :done,
                        clock_timestamp())
                    """)
                    .param("on", accepted.atOffset(ZoneOffset.UTC).toLocalDate())
                    .param("key", "p:r" + next + ":0123456789abcdef")
                    .param("subject", "r" + next++)
                    .param("state", state)
                    .param("wayIn", one("HTTP", "HTTP", "TAP"))
                    .param("decided", one("LEGACY", "TEMPORAL"))
                    .param("executed", one("LEGACY", "TEMPORAL"))
                    .param("reason", one("FLAG", "FLAG", "FALLBACK", "REPLAY"))
                    .param("accepted", accepted.atOffset(ZoneOffset.UTC))
                    .param("committed", stored ? committed.atOffset(ZoneOffset.UTC) : null)
                    .param("duplicates", random.nextInt(3))
                    .param("replays", random.nextInt(2))
                    .param("started", noted ? started.atOffset(ZoneOffset.UTC) : null)
                    .param("attempts", noted ? random.nextInt(1, 4) : null)
                    .param("actions", noted ? random.nextInt(0, 4) : null)
                    .param("rows", noted ? random.nextInt(1, 9) : null)
                    .param("done", noted && state.equals("DONE") ? committed.atOffset(ZoneOffset.UTC) : null)
                    .update();
        }
    }

    /** Some items go on, some are delivered again, some are forgotten. */
    void change() {
        some("""
            update ledger set state = 'DONE', done_at = clock_timestamp(), changed_at = clock_timestamp(),
                committed_at = coalesce(committed_at, accepted_at + interval '7 seconds')
            where state in ('OPEN', 'PENDING') and hashtext(item_key) % 10 = :part
            """);
        some("""
            update ledger set duplicates = duplicates + 1, changed_at = clock_timestamp()
            where hashtext(item_key) % 10 = :part
            """);
        some("delete from ledger where state = 'OPEN' and hashtext(item_key) % 10 = :part");
        some("""
            insert into dead_letter (workload, raw_sha256, item_key, raw, route, reason, attempts, way_in, decided_route,
                accepted_at, died_at)
            select workload, item_key, item_key, '\\x00', executed_route, 'x', 1, way_in, decided_route, accepted_at, now()
            from ledger where state in ('OPEN', 'PENDING') and hashtext(item_key) % 40 = :part on conflict do nothing
            """);
    }

    Instant anyTime(Instant from, Instant until) {
        long micros = random.nextLong(until.getEpochSecond() - from.getEpochSecond()) * 1_000_000;
        Instant time = from.plusNanos(micros * 1_000);
        return switch (random.nextInt(4)) {
            case 0 -> time.truncatedTo(ChronoUnit.MINUTES);
            case 1 -> time.truncatedTo(ChronoUnit.MINUTES).minusNanos(1_000);
            default -> time.plusNanos(random.nextLong(1_000_000) * 1_000);
        };
    }

    private void some(String change) {
        sql.sql(change).param("part", random.nextInt(10)).update();
    }

    private String one(String... of) {
        return List.of(of).get(random.nextInt(of.length));
    }
}
