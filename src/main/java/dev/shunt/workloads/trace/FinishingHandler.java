package dev.shunt.workloads.trace;

import dev.shunt.core.Delivery;
import dev.shunt.core.ItemHandler;
import java.util.List;

/** Does at once what the legacy route leaves to the background pass: nobody passes over the tables of shadow runs. */
final class FinishingHandler implements ItemHandler {

    private final ItemHandler handler;
    private final PendingSpans pending;

    FinishingHandler(ItemHandler handler, PendingSpans pending) {
        this.handler = handler;
        this.pending = pending;
    }

    @Override
    public List<Outcome> handle(List<Delivery> group) {
        List<Outcome> outcomes = handler.handle(group);
        for (int i = 0; i < outcomes.size(); i++) {
            if (outcomes.get(i) instanceof Outcome.Stored stored && stored.pending()) {
                pending.price(group.get(i).key());
                pending.summarise(group.get(i).key());
            }
        }
        return outcomes;
    }
}
