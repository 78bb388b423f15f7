package dev.shunt.embedded.faults;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;

/**
 * Faults as database triggers: the code under test stays as it is. The schema of shadow runs is made when shadowing is
 * switched on; as long as faults are wanted it is looked for, and planted when it is there.
 */
final class PlantedFaults implements InitializingBean, DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(PlantedFaults.class);
    private static final String LIVE = "public";
    private static final String SHADOW = "shunt_shadow";
    private static final long LOOK_MILLIS = 250;

    private final DataSource dataSource;
    private final Set<Fault> wanted;
    private final int every;
    private final boolean ours;
    private @Nullable ScheduledExecutorService lookout;

    /**
     * @param every of how many cases a rare fault strikes one; 0 for its own number
     * @param ours whether the database is one that Shunt started for itself; no other is ever touched
     */
    PlantedFaults(DataSource dataSource, Set<Fault> wanted, int every, boolean ours) {
        this.dataSource = dataSource;
        this.wanted = Set.copyOf(wanted);
        this.every = every;
        this.ours = ours;
    }

    @Override
    public void afterPropertiesSet() throws SQLException {
        if (!ours) {
            return;
        }
        try (Connection connection = dataSource.getConnection()) {
            if (Planting.takeAway(connection) > 0) {
                log.info("What an earlier start planted is taken away; what it has stored stays as it is");
            }
            for (String schema : List.of(LIVE, SHADOW)) {
                if (Planting.isReady(connection, schema)) {
                    plant(connection, schema);
                }
            }
        }
        if (!wanted.isEmpty()) {
            lookout = Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("shunt-faults").daemon().factory());
            var unused = lookout.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Plants the shadow schema as well, once it is there. */
    void look() {
        try (Connection connection = dataSource.getConnection()) {
            if (Planting.isReady(connection, SHADOW)) {
                plant(connection, SHADOW);
            }
        } catch (SQLException away) {
            log.debug("The schema of shadow runs cannot be looked for; tried again in {} ms", LOOK_MILLIS, away);
        }
    }

    private void plant(Connection connection, String schema) throws SQLException {
        for (Fault fault : wanted) {
            Planting.plant(connection, schema, fault, every == 0 ? fault.every() : every);
            log.warn(
                    "The fault {} is planted in schema {}: on the Temporal route {}. It goes at the next start without"
                            + " shunt.faults={}",
                    fault.label(),
                    schema,
                    fault.sentence(),
                    fault.label());
        }
    }

    @Override
    public void destroy() {
        if (lookout != null) {
            lookout.shutdownNow();
        }
    }

    /** Faults would be planted where they must not be. */
    static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }
}
