package dev.shunt.workloads.trace;

import dev.shunt.core.Delivery;
import dev.shunt.core.ItemHandler;
import dev.shunt.store.GroupWriter;
import dev.shunt.store.Work;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The legacy route's handler: what the consumer fetched is one group on the legacy lane. */
final class TraceHandler implements ItemHandler {

    private final GroupWriter<TraceMessage> lane;

    TraceHandler(GroupWriter<TraceMessage> lane) {
        this.lane = lane;
    }

    @Override
    public List<Outcome> handle(List<Delivery> group) {
        List<@Nullable Outcome> outcomes = new ArrayList<>(group.size());
        List<Work<TraceMessage>> readable = new ArrayList<>(group.size());
        for (Delivery delivery : group) {
            switch (content(delivery)) {
                case TraceDecoding.Decoded decoded -> {
                    readable.add(new Work<>(delivery, decoded.content()));
                    outcomes.add(null);
                }
                case TraceDecoding.Undecodable undecodable -> outcomes.add(new Outcome.Rejected(undecodable.reason()));
            }
        }
        var written = lane.write(readable).iterator();
        return outcomes.stream()
                .map(outcome -> outcome == null ? written.next() : outcome)
                .toList();
    }

    private static TraceDecoding.Content content(Delivery delivery) {
        return delivery.decoded() instanceof TraceMessage known
                ? new TraceDecoding.Decoded(known)
                : TraceDecoding.decode(delivery);
    }
}
