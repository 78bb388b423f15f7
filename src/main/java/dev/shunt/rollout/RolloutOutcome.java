package dev.shunt.rollout;

import dev.shunt.core.Epoch;
import dev.shunt.routing.InstanceState;
import java.util.List;

/** What became of an order. */
public sealed interface RolloutOutcome {

    /**
     * It is in force.
     *
     * @param epoch the version of the flag that carries it, or that it was done at
     * @param laggards live instances that had not acknowledged it when this was answered
     */
    record Applied(Epoch epoch, List<InstanceState> laggards) implements RolloutOutcome {

        public Applied {
            laggards = List.copyOf(laggards);
        }
    }

    /**
     * Nothing was changed.
     *
     * @param why for a person
     * @param overridable whether the same order with {@code override} and a typed reason would be carried out
     */
    record Refused(String why, boolean overridable) implements RolloutOutcome {}

    /**
     * Nothing was changed: another version of the flag is in force than the one that the order was made for.
     *
     * @param theirs the change that came first; {@code to} is what is in force now
     */
    record Overtaken(RolloutControl.Change theirs) implements RolloutOutcome {}
}
