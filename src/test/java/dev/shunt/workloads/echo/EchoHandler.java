package dev.shunt.workloads.echo;

import dev.shunt.core.Delivery;
import dev.shunt.core.ItemHandler;
import dev.shunt.store.GroupWriter;
import dev.shunt.store.Work;
import java.util.ArrayList;
import java.util.List;

/** The legacy route's handler. */
final class EchoHandler implements ItemHandler {

    private final GroupWriter<EchoMessage> lane;

    EchoHandler(GroupWriter<EchoMessage> lane) {
        this.lane = lane;
    }

    @Override
    public List<Outcome> handle(List<Delivery> group) {
        List<Outcome> outcomes = new ArrayList<>();
        for (Delivery delivery : group) {
            outcomes.add(store(delivery));
        }
        return outcomes;
    }

    private Outcome store(Delivery delivery) {
        try {
            EchoMessage content = EchoMessage.parse(delivery.message());
            return lane.write(List.of(new Work<>(delivery, content))).getFirst();
        } catch (EchoMessage.Unreadable fault) {
            return new Outcome.Rejected(String.valueOf(fault.getMessage()));
        }
    }
}
