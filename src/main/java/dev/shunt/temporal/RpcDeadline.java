package dev.shunt.temporal;

import io.grpc.Context;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Bounds a call to Temporal in all. The SDK's own timeout is for one attempt and it retries for a minute; the gRPC context
 * bounds attempts and retries together, without touching the longer patience that workers need for their answers.
 */
final class RpcDeadline implements AutoCloseable {

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            task -> Thread.ofPlatform().daemon().name("shunt-temporal-deadline").unstarted(task));

    <T> T within(Duration limit, Callable<T> call) throws Exception {
        try (Context.CancellableContext bounded =
                Context.current().withDeadlineAfter(limit.toNanos(), TimeUnit.NANOSECONDS, timer)) {
            return bounded.call(call);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
