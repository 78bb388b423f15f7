package dev.shunt.workloads.echo;

import dev.shunt.core.DoorCodec;
import dev.shunt.core.InFlight;
import dev.shunt.core.ItemHandler;
import dev.shunt.core.MessageCodec;
import dev.shunt.core.ResultAudit;
import dev.shunt.core.WorkflowBinding;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadDefinition;
import dev.shunt.store.GroupWriter;
import java.util.List;

/** Everything that the echo workload brings. */
public record EchoWorkload(
        DoorCodec door, MessageCodec messages, ItemHandler handler, WorkflowBinding workflow, ResultAudit audit)
        implements WorkloadDefinition {

    public static EchoWorkload create(
            EchoTable table, ItemHandler onLegacy, ItemHandler onTemporal, InFlight inFlight) {
        var steps = new EchoSteps(onTemporal, inFlight);
        return new EchoWorkload(
                new EchoFormats.Door(),
                codec(),
                onLegacy,
                new WorkflowBinding(EchoMessage.ECHO, EchoWorkflow.TYPE, EchoWorkflowImpl.class, List.of(steps)),
                new EchoAudit(table));
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
