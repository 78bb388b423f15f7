package dev.shunt.intake;

import dev.shunt.core.Acceptance;
import dev.shunt.core.Item;
import dev.shunt.core.MessageCodec.Reading;
import dev.shunt.core.RouteDecider;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadDefinition;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Rules on messages that existing producers pushed. */
@Component
final class TapAcceptance implements Acceptance {

    private final RouteDecider decider;
    private final Clock clock;
    private final Map<Workload, WorkloadDefinition> definitions;

    TapAcceptance(RouteDecider decider, Clock clock, List<WorkloadDefinition> definitions) {
        this.decider = decider;
        this.clock = clock;
        this.definitions =
                definitions.stream().collect(Collectors.toMap(WorkloadDefinition::workload, Function.identity()));
    }

    @Override
    public Ruling rule(Workload workload, byte[] message) {
        WorkloadDefinition definition = definitions.get(workload);
        if (definition == null) {
            return new Ruling.Undecodable("no workload " + workload + " is known here");
        }
        return switch (definition.messages().read(message, clock.instant())) {
            case Reading.Read read -> routed(read);
            case Reading.Undecodable undecodable -> new Ruling.Undecodable(undecodable.reason());
        };
    }

    private Ruling routed(Reading.Read read) {
        Item item = read.item();
        return new Ruling.Routed(item, decider.decide(item.workload(), item.routingKey()), read.decoded());
    }
}
