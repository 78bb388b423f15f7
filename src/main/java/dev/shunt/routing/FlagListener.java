package dev.shunt.routing;

import dev.shunt.core.Workload;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the snapshots of one instance up to date on a connection of its own: LISTEN first, then read, then read again
 * on every notice and at least once a second. A notice is only a hint, so a lost one costs a second, no more; the
 * network timeout finds a server that holds the connection open and answers nothing.
 */
final class FlagListener implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(FlagListener.class);

    private static final int NOTICE_WAIT_MS = 250;
    private static final int ANSWER_TIMEOUT_MS = 1000;
    private static final long CHECK_EVERY = Duration.ofSeconds(1).toNanos();
    private static final long FIRST_PAUSE_MS = 50;
    private static final long LONGEST_PAUSE_MS = 1000;

    private final DataSource connections;
    private final FlagReader reader;
    private final Acknowledgements acknowledgements;
    private final Map<Workload, FlagCell> cells;
    private final Collection<String> features;
    private final Lease lease;
    private final boolean held;

    private final CountDownLatch firstRead = new CountDownLatch(1);
    private final CountDownLatch stop = new CountDownLatch(1);
    private long pauseMs = FIRST_PAUSE_MS;
    private boolean away;

    FlagListener(
            DataSource connections,
            FlagReader reader,
            Acknowledgements acknowledgements,
            Map<Workload, FlagCell> cells,
            Lease lease,
            boolean held) {
        this.connections = connections;
        this.reader = reader;
        this.acknowledgements = acknowledgements;
        this.cells = cells;
        this.features =
                cells.values().stream().map(cell -> cell.snapshot().feature()).toList();
        this.lease = lease;
        this.held = held;
    }

    /** Waits until the flags were read once, at most so long. */
    void awaitFirstRead(Duration atMost) throws InterruptedException {
        if (!firstRead.await(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            log.warn("Flags {} could not be read in {}. Everything goes to legacy until they can.", features, atMost);
        }
    }

    void stop() {
        stop.countDown();
    }

    @Override
    public void run() {
        while (running()) {
            try (Connection connection = connections.getConnection()) {
                listen(connection);
            } catch (SQLException | RuntimeException e) {
                retryLater(e);
            }
        }
    }

    private void listen(Connection connection) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, ANSWER_TIMEOUT_MS);
        try (var statement = connection.createStatement()) {
            statement.execute("set synchronous_commit to off"); // a lost acknowledgement is written again in a second
            statement.execute("listen shunt_flag");
        }
        Acknowledgements.forgetOld(connection);
        var notices = connection.unwrap(PGConnection.class);
        refresh(connection);
        long checked = System.nanoTime();
        while (running()) {
            boolean noticed = notices.getNotifications(NOTICE_WAIT_MS).length > 0;
            if (noticed || System.nanoTime() - checked >= CHECK_EVERY) {
                checked = System.nanoTime();
                refresh(connection);
            }
        }
        lease.end(); // before the row goes: who is not counted must not route
        acknowledgements.leave(connection);
    }

    private void refresh(Connection connection) throws SQLException {
        long readAt = System.nanoTime();
        Map<String, FlagSnapshot> flags = reader.read(connection, features);
        for (FlagCell cell : cells.values()) {
            apply(cell, flags);
        }
        acknowledgements.write(connection, cells, held);
        // only now: others count this instance as live from its row on, so it must not trust itself longer than that
        lease.renew(readAt);
        pauseMs = FIRST_PAUSE_MS;
        if (away) {
            away = false;
            log.info("Flags {} can be read again.", features);
        }
        firstRead.countDown();
    }

    private static void apply(FlagCell cell, Map<String, FlagSnapshot> flags) {
        FlagSnapshot old = cell.snapshot();
        FlagSnapshot read = flags.getOrDefault(old.feature(), old);
        if (read.epoch().isBefore(old.epoch())) {
            throw new IllegalStateException("flag " + old.feature() + " went back from epoch " + old.epoch() + " to "
                    + read.epoch() + ": its database lost changes, and is not believed");
        }
        if (cell.publish(read) && !read.epoch().equals(old.epoch())) {
            log.info(
                    "Flag {} is at {} (enabled: {}), epoch {}, changed by {}: {}.{}",
                    read.feature(),
                    read.percentage(),
                    read.enabled(),
                    read.epoch(),
                    read.changedBy(),
                    read.reason(),
                    read.problem() == null ? "" : " Read as 0 %: " + read.problem());
        }
    }

    private void retryLater(Exception e) {
        lease.missed();
        if (!away) {
            away = true;
            log.warn(
                    "Flags {} cannot be read: {}. Tried again; legacy once the lease is over.", features, e.toString());
        }
        try {
            long jittered = ThreadLocalRandom.current().nextLong(pauseMs / 2, pauseMs + 1);
            pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
            stop.await(jittered, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            stop.countDown();
            Thread.currentThread().interrupt();
        }
    }

    private boolean running() {
        return stop.getCount() > 0;
    }
}
