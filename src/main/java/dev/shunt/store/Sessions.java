package dev.shunt.store;

import java.time.Duration;

/**
 * What a session asks of the server, so that a client that is gone, cut off or frozen does not keep what it holds. Told by
 * SQL and not by the connection's {@code options}, which an address of an operator's own may already use.
 */
final class Sessions {

    /** Of pools: longer than any pause between two statements of a transaction that is getting on. */
    static final Duration IDLE = Duration.ofSeconds(15);

    private static final Duration LEAST_IDLE = Duration.ofSeconds(1);

    // A dead peer is noticed 11 s after it was last heard, one that does not take its answer after 15 s.
    private static final String PEER = "; set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 2"
            + "; set tcp_keepalives_count = 3; set tcp_user_timeout = 15000";

    private Sessions() {}

    /**
     * SQL for a new connection.
     *
     * @param statement the server gives up a statement after this
     * @param idle the server ends a session (25P03) whose transaction has waited this long for its client; at least 1 s,
     *     so that a pause of the garbage collector does not count
     */
    static String settings(Duration statement, Duration idle) {
        Duration waits = idle.compareTo(LEAST_IDLE) < 0 ? LEAST_IDLE : idle;
        return "set statement_timeout = " + statement.toMillis() + "; set idle_in_transaction_session_timeout = "
                + waits.toMillis() + PEER;
    }
}
