package dev.shunt.store;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Keeps a ledger partition ready for yesterday to three days ahead. Without one, rows go to the default partition: they
 * are never refused, only harder to drop later.
 *
 * <p>A partition is made under the ledger's exclusive lock, and while that is waited for, everybody else waits too: it is
 * asked for shortly and, if somebody reads the ledger for long, again at the next look.
 */
@Component
final class LedgerPartitions implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(LedgerPartitions.class);
    private static final int DAYS_AHEAD = 3;
    private static final Duration LOOK = Duration.ofHours(1);
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final Clock clock;
    private final PeriodicTask task;

    LedgerPartitions(JdbcClient jdbc, TransactionOperations transaction, Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.clock = clock;
        this.task = new PeriodicTask("shunt-ledger-partitions", LOOK, this::prepare);
    }

    /** What is not made now is made by the next look; never throws. */
    void prepare() {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        for (LocalDate day = today.minusDays(1); !day.isAfter(today.plusDays(DAYS_AHEAD)); day = day.plusDays(1)) {
            if (!prepare(day)) {
                return;
            }
        }
    }

    /** @return false if the ledger is in use: then it is for the other days, too */
    private boolean prepare(LocalDate day) {
        String name = "ledger_" + day.toString().replace("-", "");
        try {
            if (!exists(name)) {
                transaction.executeWithoutResult(status -> make(name, day));
            }
            return true;
        } catch (DataAccessException | TransactionException refused) {
            if (isInUse(refused)) {
                log.info(
                        "The ledger is in use; partition {} is made at the next look, in {}. Rows of a day that has none"
                                + " stay in ledger_default",
                        name,
                        LOOK);
                return false;
            }
            log.warn(
                    "Ledger partition {} could not be made, its rows stay in ledger_default: {}",
                    name,
                    refused.getMessage());
            return true;
        }
    }

    /** {@code if not exists} is looked at under the lock only. */
    private boolean exists(String name) {
        return jdbc.sql("select to_regclass(?) is not null")
                .param(name)
                .query(Boolean.class)
                .single();
    }

    private void make(String name, LocalDate day) {
        jdbc.sql("set local lock_timeout = '300ms'").update();
        jdbc.sql("create table if not exists " + name + " partition of ledger for values from ('" + day + "') to ('"
                        + day.plusDays(1) + "')")
                .update();
    }

    private static boolean isInUse(RuntimeException refused) {
        return refused instanceof DataAccessException fault
                && fault.getMostSpecificCause() instanceof SQLException cause
                && LOCK_NOT_AVAILABLE.equals(cause.getSQLState());
    }

    @Override
    public void start() {
        prepare();
        task.start();
    }

    @Override
    public void stop() {
        task.stop();
    }

    @Override
    public boolean isRunning() {
        return task.isRunning();
    }

    @Override
    public int getPhase() {
        return Integer.MIN_VALUE; // before anybody writes
    }
}
