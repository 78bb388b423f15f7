package dev.shunt.store;

import dev.shunt.core.Workload;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * How far back the ledger knows every item that stored something. Stored rows stay after their item was forgotten: that
 * an older one has no item says nothing about who stored it.
 */
public final class LedgerReach {

    private static final Duration MARGIN = Duration.ofDays(1);

    private static final String REMEMBERED = """
            select exists (
                select from ledger
                where workload = ? and state = 'DONE' and committed_at <= ?::timestamptz
                  and accepted_on <= (?::timestamptz at time zone 'UTC')::date)
            """;

    private final Duration reach;
    private final Clock clock;

    private LedgerReach(Duration reach, Clock clock) {
        this.reach = reach;
        this.clock = clock;
    }

    /** @param retention of the ledger; a quarter of it, at most a day, is not relied upon: clocks differ */
    public static LedgerReach of(Duration retention, Clock clock) {
        Duration quarter = retention.dividedBy(4);
        return new LedgerReach(retention.minus(quarter.compareTo(MARGIN) < 0 ? quarter : MARGIN), clock);
    }

    /** What was stored since then, by the database's clock, has its row in the ledger, or nobody accepted it. */
    public Instant since() {
        return clock.instant().minus(reach);
    }

    /** The part of a window that begins then about which the ledger is asked who accepted what: its later begin. */
    public Instant known(Instant begin) {
        Instant since = since();
        return begin.isBefore(since) ? since : begin;
    }

    /**
     * Whether any finished item is remembered that was stored by then. If none is, what was stored then may have been
     * forgotten under a shorter retention of before. True for a time makes it true for every later one.
     */
    public static boolean remembers(Connection connection, Workload workload, Instant storedAt) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(REMEMBERED)) {
            select.setString(1, workload.name());
            select.setString(2, storedAt.toString());
            select.setString(3, storedAt.toString());
            try (ResultSet answer = select.executeQuery()) {
                return answer.next() && answer.getBoolean(1);
            }
        }
    }
}
