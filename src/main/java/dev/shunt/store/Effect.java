package dev.shunt.store;

import dev.shunt.core.Divergence;
import java.util.List;

/**
 * What a group statement did for one item.
 *
 * @param changed whether it stored anything that was not there; false for a delivery that came too late
 * @param pending whether a later step must still finish something of it
 * @param conflicts ids that were there with other content; the first write won
 * @param rows rows that it inserted or changed; rows that many items share, such as sums, left out
 */
public record Effect(boolean changed, boolean pending, List<Divergence> conflicts, int rows) {

    public Effect {
        conflicts = List.copyOf(conflicts);
    }

    /** One that does not count its rows. */
    public Effect(boolean changed, boolean pending, List<Divergence> conflicts) {
        this(changed, pending, conflicts, 0);
    }
}
