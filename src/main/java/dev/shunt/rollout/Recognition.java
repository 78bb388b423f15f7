package dev.shunt.rollout;

import dev.shunt.core.Percentage;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.rollout.RolloutState.Step;
import dev.shunt.rollout.RolloutStore.Scene;
import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees that a rollback was taken, by whatever hand, and writes it down: the flag at 0 is the rollback. */
final class Recognition {

    private static final Logger log = LoggerFactory.getLogger(Recognition.class);

    private final RolloutStore store;
    private final Plans plans;

    Recognition(RolloutStore store, Plans plans) {
        this.store = store;
        this.plans = plans;
    }

    /** Whether a rollback was taken that is not written down yet. */
    static boolean isDue(Standing standing) {
        return standing.state() != RolloutState.ROLLED_BACK
                && standing.state().after(Step.ROLLBACK).orElse(null) == RolloutState.ROLLED_BACK
                && standing.effective().equals(Percentage.ZERO);
    }

    /** On the controller's connection. */
    void recognise(Connection connection, Workload workload) throws SQLException {
        store.change(connection, workload, this::recognise);
    }

    /** After a rollback that was just taken; if it cannot be written down now, the controller does. */
    void tryToRecognise(Workload workload) {
        try {
            if (isDue(store.read(workload))) {
                store.change(workload, this::recognise);
            }
        } catch (UnavailableException away) {
            log.debug("That {} is rolled back is written down later: {}.", workload, away.toString());
        }
    }

    private boolean recognise(Scene scene) {
        Standing before = scene.before();
        RolloutRow row = before.row();
        if (row == null || !isDue(before)) {
            return false;
        }
        scene.write(row.rolledBack(scene.now().plus(plans.of(row.workload()).cooldown())));
        scene.tell(Step.ROLLBACK, before.changedBy(), before.changeReason(), null, null);
        log.warn(
                "The rollout of {} is rolled back in phase {}: the flag is at 0 since epoch {}, changed by {}: {}.",
                row.workload(),
                row.phase(),
                before.epoch(),
                before.changedBy().label(),
                before.changeReason());
        return true;
    }
}
