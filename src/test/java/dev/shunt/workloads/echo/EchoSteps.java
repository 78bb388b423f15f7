package dev.shunt.workloads.echo;

import dev.shunt.core.Delivery;
import dev.shunt.core.Delivery.Execution;
import dev.shunt.core.ItemHandler;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Stamp;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityInfo;
import io.temporal.common.converter.RawValue;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.function.Consumer;

/** The activities. A settle that fails fails the step: its retry finds the text stored. */
final class EchoSteps implements EchoActivities {

    private final ItemHandler handler;
    private final Consumer<List<ItemKey>> settle;

    EchoSteps(ItemHandler handler, Consumer<List<ItemKey>> settle) {
        this.handler = handler;
        this.settle = settle;
    }

    @Override
    public boolean waits(RawValue stamped) {
        try {
            return EchoMessage.parse(bytes(stamped)).text().equals("wait");
        } catch (EchoMessage.Unreadable fault) {
            throw ApplicationFailure.newNonRetryableFailure(fault.getMessage(), "EchoRejected");
        }
    }

    @Override
    public String keep(RawValue stamped) {
        Stamp.Stamped taken = Stamp.split(bytes(stamped));
        Stamp stamp =
                taken.stamp().orElseThrow(() -> ApplicationFailure.newNonRetryableFailure("no stamp", "EchoRejected"));
        ActivityInfo info = Activity.getExecutionContext().getInfo();
        var execution = new Execution(info.getWorkflowId(), info.getWorkflowRunId());
        ItemHandler.Outcome outcome = handler.handle(
                        List.of(Delivery.onTemporal(EchoMessage.ECHO, stamp, taken.message(), execution)))
                .getFirst();
        settle.accept(List.of(stamp.key()));
        return outcome.getClass().getSimpleName();
    }

    private static byte[] bytes(RawValue stamped) {
        return stamped.getPayload().getData().toByteArray();
    }
}
