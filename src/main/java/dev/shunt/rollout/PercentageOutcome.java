package dev.shunt.rollout;

import dev.shunt.core.Epoch;
import dev.shunt.routing.InstanceState;
import java.util.List;

/** What became of an order to change the percentage. */
public sealed interface PercentageOutcome {

    /**
     * It is in force.
     *
     * @param epoch the version that carries it
     * @param laggards live instances that had not acknowledged it when this was answered
     */
    record Applied(Epoch epoch, List<InstanceState> laggards) implements PercentageOutcome {

        public Applied {
            laggards = List.copyOf(laggards);
        }
    }

    /**
     * Nothing was changed.
     *
     * @param why for a person
     */
    record Refused(String why) implements PercentageOutcome {}
}
