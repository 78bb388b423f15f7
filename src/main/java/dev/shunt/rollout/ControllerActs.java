package dev.shunt.rollout;

import dev.shunt.core.Epoch;
import dev.shunt.core.Workload;
import dev.shunt.rollout.RolloutState.Step;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;
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

    /** Does what a judgement asks for, if anything. */
    void act(Connection connection, Judgement judgement) throws SQLException {
        if (!judgement.demandRollback().isEmpty()) {
            rollBack(connection, judgement);
        } else if (judgement.row().state() == RolloutState.RUNNING) {
            if (!judgement.demandHold().isEmpty()) {
                hold(connection, judgement);
            } else if (judgement.plan().automaticPromotion() && judgement.onTarget()) {
                promote(connection, judgement);
            }
        }
    }

    private void rollBack(Connection connection, Judgement judgement) throws SQLException {
        Workload workload = judgement.standing().workload();
        String why = Judgement.words(judgement.demandRollback());
        judge.keep(judgement);
        RollbackOrder order = RollbackOrder.of(workload, CONTROLLER, why, clock);
        Epoch newest = control.newest(workload);
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
        judge.keep(judgement);
        store.change(connection, workload, scene -> {
            if (scene.before().sameAs(judgement.standing())) {
                scene.write(judgement.row().held(why));
                scene.tell(Step.HOLD, CONTROLLER, why, judgement.verdict().id(), null);
                log.warn("The rollout of {} is held by the controller: {}.", workload, why);
            }
            return null;
        });
    }

    private void promote(Connection connection, Judgement judgement) throws SQLException {
        Workload workload = judgement.standing().workload();
        Optional<Phase> next = judgement.plan().after(judgement.phase().name());
        if (next.isEmpty()
                || !judgement.obstacles().isEmpty()
                || control.hindrance(workload).isPresent()) {
            return;
        }
        judge.keep(judgement);
        var order = new RolloutOrder(
                workload,
                CONTROLLER,
                "phase " + judgement.phase().name() + " is over and all gates pass",
                Optional.of(judgement.standing().epoch()),
                false);
        Epoch newest = control.newest(workload);
        store.change(
                connection,
                workload,
                scene -> operations.move(scene, judgement, next.get(), order, Optional.empty(), newest));
    }
}
