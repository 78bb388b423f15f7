package dev.shunt.rollout;

import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.rollout.ControllerActs.Prepared;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;

/**
 * Watches every rollout, all the time, also while a person is asked or it is held. Of all instances one leads: the one
 * whose connection holds a lock of Postgres. The server closes a session that was idle for {@value #IDLE_MS} ms, so a
 * leader that is frozen loses the lock and, awake again, can change nothing: it acts only on that connection.
 */
final class Controller implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Controller.class);

    static final int IDLE_MS = 4_000;
    private static final Duration PING_EVERY = Duration.ofSeconds(1);
    private static final Duration STEP = Duration.ofMillis(200);
    private static final Duration AWAY = Duration.ofSeconds(1);

    /** How this thread waits; a test freezes it here. */
    interface Pace {
        /** @return whether it is to end */
        boolean rest(Duration duration) throws InterruptedException;
    }

    private final DataSource connections;
    private final RolloutStore store;
    private final Plans plans;
    private final WorkloadCatalog catalog;
    private final Recognition recognition;
    private final Judge judge;
    private final ControllerActs acts;
    private final Executor judging;
    private final Pace pace;
    private final LongSupplier nanoTime;

    private final Map<Workload, Future<Optional<Prepared>>> judgements = new HashMap<>();
    private final Map<Workload, Long> judgedAt = new HashMap<>();
    private volatile boolean leading;
    private volatile boolean ending;
    private boolean away;
    private @Nullable Thread thread;

    /** @param judging runs one judgement at a time apart from this thread, which must ping meanwhile */
    Controller(
            DataSource connections,
            RolloutStore store,
            Plans plans,
            WorkloadCatalog catalog,
            Recognition recognition,
            Judge judge,
            ControllerActs acts,
            Executor judging,
            Pace pace) {
        this.connections = connections;
        this.store = store;
        this.plans = plans;
        this.catalog = catalog;
        this.recognition = recognition;
        this.judge = judge;
        this.acts = acts;
        this.judging = judging;
        this.pace = pace;
        this.nanoTime = System::nanoTime;
    }

    /** Whether this instance is the one that acts. */
    boolean leads() {
        return leading;
    }

    private void run() {
        try {
            while (!ending) {
                try (Connection connection = connections.getConnection()) {
                    compete(connection);
                } catch (SQLException | DataAccessException e) {
                    lost(e);
                } catch (RuntimeException e) {
                    log.error("The controller of rollouts failed; it begins anew in a second.", e);
                }
                leading = false;
                ending |= pace.rest(AWAY);
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void compete(Connection connection) throws SQLException, InterruptedException {
        try (var statement = connection.createStatement()) {
            statement.execute("set idle_session_timeout = " + IDLE_MS);
            statement.execute("set idle_in_transaction_session_timeout = " + IDLE_MS);
        }
        while (!ending) {
            if (takesLock(connection)) {
                lead(connection);
                return;
            }
            away = false;
            ending |= pace.rest(STEP);
        }
    }

    private void lead(Connection connection) throws SQLException, InterruptedException {
        log.info("This instance watches the rollouts now.");
        leading = true;
        away = false;
        judgements.clear();
        judgedAt.clear();
        long pinged = nanoTime.getAsLong() - PING_EVERY.toNanos();
        while (!ending) {
            if (nanoTime.getAsLong() - pinged >= PING_EVERY.toNanos()) {
                pinged = nanoTime.getAsLong();
                for (Workload workload : catalog.workloads()) {
                    look(connection, workload);
                }
            }
            act(connection);
            ending |= pace.rest(STEP);
        }
    }

    /** Reads where a rollout stands, which also tells the server that this session lives. */
    private void look(Connection connection, Workload workload) throws SQLException {
        Standing standing = store.read(connection, workload);
        if (Recognition.isDue(standing)) {
            recognition.recognise(connection, workload);
        } else if (standing.state().active() && !judgements.containsKey(workload) && due(workload)) {
            judgedAt.put(workload, nanoTime.getAsLong());
            judgements.put(
                    workload,
                    CompletableFuture.supplyAsync(() -> judge.judge(standing).map(acts::prepare), judging));
        }
    }

    private boolean due(Workload workload) {
        Long last = judgedAt.get(workload);
        long interval = plans.of(workload).evaluationInterval().toNanos();
        return last == null || nanoTime.getAsLong() - last >= interval;
    }

    /** Rollbacks before anything else: whatever goes wrong with the others, they are done. */
    private void act(Connection connection) throws SQLException, InterruptedException {
        List<Prepared> made = new ArrayList<>();
        for (Workload workload : catalog.workloads()) {
            made(workload).ifPresent(made::add);
        }
        made.sort(Comparator.comparing(prepared -> prepared.act() != ControllerActs.Act.ROLL_BACK));
        for (Prepared prepared : made) {
            carryOut(connection, prepared);
        }
    }

    private void carryOut(Connection connection, Prepared prepared) throws SQLException {
        try {
            acts.carryOut(connection, prepared);
        } catch (DataAccessException lost) {
            throw lost;
        } catch (RuntimeException fault) {
            Workload workload = prepared.judgement().standing().workload();
            log.error("What follows from the gates of {} could not be done; they are asked again.", workload, fault);
        }
    }

    private Optional<Prepared> made(Workload workload) throws InterruptedException {
        Future<Optional<Prepared>> judgement = judgements.get(workload);
        if (judgement == null || !judgement.isDone()) {
            return Optional.empty();
        }
        judgements.remove(workload);
        try {
            return judgement.get();
        } catch (ExecutionException e) {
            log.error("The gates of {} could not be asked; asked again.", workload, e.getCause());
            return Optional.empty();
        }
    }

    private static boolean takesLock(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var answer = statement.executeQuery(
                        "select pg_try_advisory_lock(hashtextextended('shunt:controller', 0))")) {
            return answer.next() && answer.getBoolean(1);
        }
    }

    private void lost(Exception e) {
        if (leading) {
            log.warn("This instance watches the rollouts no more, its connection is lost: {}.", e.toString());
        } else if (!away) {
            log.warn("Rollouts cannot be watched: {}. Tried every second; rollbacks by order work.", e.toString());
        }
        away = true;
    }

    @Override
    public void start() {
        ending = false;
        thread = Thread.ofPlatform().daemon().name("shunt-controller").start(this::run);
    }

    @Override
    public void stop() {
        ending = true;
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
        thread = null;
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    /** After the recorder of rollbacks. */
    @Override
    public int getPhase() {
        return 2;
    }
}
