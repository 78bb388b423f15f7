package dev.shunt.rollout;

import dev.shunt.core.Epoch;
import dev.shunt.core.Workload;
import dev.shunt.rollout.RolloutState.Step;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the controller does by itself. Each act is one transaction on the connection that holds its lock, and changes
 * nothing unless flag and rollout are what the verdict was made for: whoever lost the lock cannot commit, and whoever
 * judged an older version does nothing.
 */
final class ControllerActs {

    static final Actor CONTROLLER = new Actor("shunt controller", true);

    private static final Logger log = LoggerFactory.getLogger(ControllerActs.class);

    private final RolloutStore store;
    private final RolloutControl control;
    private final RolloutOperations operations;
    private final Judge judge;
    private final Fences fences;
    private final BiConsumer<RollbackOrder, Epoch> afterRollback;
    private final Clock clock;
    private final Map<Workload, String> hindrances = new ConcurrentHashMap<>();

    /** @param afterRollback told of each rollback once it is committed; must not wait */
    ControllerActs(
            RolloutStore store,
            RolloutControl control,
            RolloutOperations operations,
            Judge judge,
            Fences fences,
            BiConsumer<RollbackOrder, Epoch> afterRollback,
            Clock clock) {
        this.store = store;
        this.control = control;
        this.operations = operations;
        this.judge = judge;
        this.fences = fences;
        this.afterRollback = afterRollback;
        this.clock = clock;
    }

    /** What follows from a judgement. */
    enum Act {
        NOTHING,
        ROLL_BACK,
        HOLD,
        PROMOTE
    }

    /**
     * A judgement, with everything that is to be asked before it is carried out.
     *
     * @param newest the newest epoch that is known; of a rollback and a promotion only
     */
    record Prepared(Judgement judgement, Act act, Epoch newest) {}

    /**
     * Asks what must be known before a judgement is carried out. May take seconds, so never on the controller's own thread:
     * its connection would be closed meanwhile, and the lock lost.
     */
    Prepared prepare(Judgement judgement) {
        Act act = act(judgement);
        if (act == Act.PROMOTE && isHindered(judgement)) {
            act = Act.NOTHING;
        }
        if (act == Act.NOTHING) {
            return new Prepared(judgement, act, Epoch.NONE);
        }
        judge.keep(judgement);
        Workload workload = judgement.standing().workload();
        return new Prepared(judgement, act, act == Act.HOLD ? Epoch.NONE : control.newestSoon(workload));
    }

    private static Act act(Judgement judgement) {
        if (!judgement.demandRollback().isEmpty()) {
            return Act.ROLL_BACK;
        }
        if (judgement.row().state() != RolloutState.RUNNING) {
            return Act.NOTHING;
        }
        if (!judgement.demandHold().isEmpty()) {
            return Act.HOLD;
        }
        boolean over = judgement.plan().automaticPromotion()
                && judgement.onTarget()
                && judgement.plan().after(judgement.phase().name()).isPresent()
                && judgement.obstacles().isEmpty();
        return over ? Act.PROMOTE : Act.NOTHING;
    }

    private boolean isHindered(Judgement judgement) {
        Workload workload = judgement.standing().workload();
        Optional<String> hindrance = control.hindrance(workload);
        if (hindrance.isEmpty()) {
            hindrances.remove(workload);
            return false;
        }
        if (!hindrance.get().equals(hindrances.put(workload, hindrance.get()))) {
            log.warn(
                    "Phase {} of {} is over and all gates pass, but it is not promoted: {}. Looked at again every {} s.",
                    judgement.phase().name(),
                    workload,
                    hindrance.get(),
                    judgement.plan().evaluationInterval().toSeconds());
        }
        return true;
    }

    /** Does what was prepared, if anything; asks nobody but the database. */
    void carryOut(Connection connection, Prepared prepared) throws SQLException {
        switch (prepared.act()) {
            case NOTHING -> {}
            case ROLL_BACK -> rollBack(connection, prepared.judgement(), prepared.newest());
            case HOLD -> hold(connection, prepared.judgement());
            case PROMOTE -> promote(connection, prepared.judgement(), prepared.newest());
        }
    }

    private void rollBack(Connection connection, Judgement judgement, Epoch newest) throws SQLException {
        Workload workload = judgement.standing().workload();
        String why = Judgement.words(judgement.demandRollback());
        RollbackOrder order = RollbackOrder.of(workload, CONTROLLER, why, clock);
        Optional<Epoch> taken = store.change(connection, workload, scene -> {
            if (!scene.before().sameAs(judgement.standing())) {
                return Optional.empty();
            }
            Epoch epoch = FlagWriter.record(scene.sql(), order, scene.feature(), newest);
            scene.write(
                    judgement.row().rolledBack(scene.now().plus(judgement.plan().cooldown())));
            scene.tell(Step.ROLLBACK, CONTROLLER, why, judgement.verdict().id(), null);
            // before anyone can read the new flag; the statements just done have shown that the lock is still held
            fences.tryRaiseAhead(workload, epoch);
            return Optional.of(epoch);
        });
        taken.ifPresent(epoch -> {
            log.warn("{} is rolled back by the controller, epoch {}: {}.", workload, epoch, why);
            afterRollback.accept(order, epoch);
        });
    }

    private void hold(Connection connection, Judgement judgement) throws SQLException {
        Workload workload = judgement.standing().workload();
        String why = Judgement.words(judgement.demandHold());
        store.change(connection, workload, scene -> {
            if (scene.before().sameAs(judgement.standing())) {
                scene.write(judgement.row().held(why));
                scene.tell(Step.HOLD, CONTROLLER, why, judgement.verdict().id(), null);
                log.warn("The rollout of {} is held by the controller: {}.", workload, why);
            }
            return null;
        });
    }

    private void promote(Connection connection, Judgement judgement, Epoch newest) throws SQLException {
        Workload workload = judgement.standing().workload();
        Phase next = judgement.plan().after(judgement.phase().name()).orElseThrow();
        var order = new RolloutOrder(
                workload,
                CONTROLLER,
                "phase " + judgement.phase().name() + " is over and all gates pass",
                Optional.of(judgement.standing().epoch()),
                false);
        store.change(
                connection,
                workload,
                scene -> operations.move(scene, judgement, next, order, Optional.empty(), newest));
    }
}
