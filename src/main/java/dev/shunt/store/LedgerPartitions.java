package dev.shunt.store;

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

/**
 * Keeps a ledger partition ready for yesterday to three days ahead. Without one, rows go to the default partition: they
 * are never refused, only harder to drop later.
 */
@Component
final class LedgerPartitions implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(LedgerPartitions.class);
    private static final int DAYS_AHEAD = 3;
    private static final Duration LOOK = Duration.ofHours(1);

    private final JdbcClient jdbc;
    private final Clock clock;
    private final PeriodicTask task;

    LedgerPartitions(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.task = new PeriodicTask("shunt-ledger-partitions", LOOK, this::prepare);
    }

    void prepare() {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        for (LocalDate day = today.minusDays(1); !day.isAfter(today.plusDays(DAYS_AHEAD)); day = day.plusDays(1)) {
            prepare(day);
        }
    }

    private void prepare(LocalDate day) {
        String name = "ledger_" + day.toString().replace("-", "");
        try {
            jdbc.sql("create table if not exists " + name + " partition of ledger for values from ('" + day + "') to ('"
                            + day.plusDays(1) + "')")
                    .update();
        } catch (DataAccessException refused) {
            log.warn(
                    "Ledger partition {} could not be made, its rows stay in ledger_default: {}",
                    name,
                    refused.getMessage());
        }
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
