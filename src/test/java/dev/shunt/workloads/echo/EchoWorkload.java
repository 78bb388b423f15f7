package dev.shunt.workloads.echo;

import dev.shunt.core.DoorCodec;
import dev.shunt.core.InFlight;
import dev.shunt.core.ItemHandler;
import dev.shunt.core.ItemKey;
import dev.shunt.core.MessageCodec;
import dev.shunt.core.ResultAudit;
import dev.shunt.core.WorkflowBinding;
import dev.shunt.core.WorkflowSteps;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadDefinition;
import dev.shunt.store.GroupWriter;
import java.util.List;
import java.util.function.Consumer;

/** Everything that the echo workload brings. */
public record EchoWorkload(
        DoorCodec door, MessageCodec messages, ItemHandler handler, WorkflowBinding workflow, ResultAudit audit)
        implements WorkloadDefinition {

    public static EchoWorkload create(
            EchoTable table, ItemHandler onLegacy, ItemHandler onTemporal, InFlight inFlight) {
        return new EchoWorkload(
                new EchoFormats.Door(),
                codec(),
                onLegacy,
                workflow(onTemporal, keys -> inFlight.settle(EchoMessage.ECHO, keys)),
                new EchoAudit(table));
    }

    /** @param settle takes what is done */
    static WorkflowBinding workflow(ItemHandler onTemporal, Consumer<List<ItemKey>> settle) {
        var steps = new EchoSteps(onTemporal, settle);
        return new WorkflowBinding(
                EchoMessage.ECHO,
                EchoWorkflow.TYPE,
                EchoWorkflowImpl.class,
                List.of(steps),
                new WorkflowSteps(1, 1, 1));
    }

    public static ItemHandler handler(GroupWriter<EchoMessage> lane) {
        return new EchoHandler(lane);
    }

    public static MessageCodec codec() {
        return new EchoFormats.Messages();
    }

    @Override
    public Workload workload() {
        return EchoMessage.ECHO;
    }
}
