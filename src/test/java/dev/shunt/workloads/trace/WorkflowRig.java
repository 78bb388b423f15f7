package dev.shunt.workloads.trace;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import dev.shunt.contract.InMemoryClaims;
import dev.shunt.contract.InMemoryInFlight;
import dev.shunt.core.Bucket;
import dev.shunt.core.DeadLetters.DeadLetter;
import dev.shunt.core.Epoch;
import dev.shunt.core.Item;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Percentage;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.WayIn;
import dev.shunt.core.WorkflowBinding;
import dev.shunt.core.Workload;
import io.temporal.api.common.v1.Payload;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.converter.RawValue;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerOptions;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The trace workflow on a server that skips time, with scripted effects. */
final class WorkflowRig implements AutoCloseable {

    private static final long DEADLOCK_MILLIS = 5_000; // as in the service: a busy machine trips the SDK's 1 s
    static final Workload TRACE = new Workload("trace");
    static final byte[] MESSAGE = "{\"ID\":\"t1\",\"ProjectID\":\"p\",\"Big\":12345678901234567890}".getBytes(UTF_8);

    final ItemKey key = ItemKey.of("p", "t1", "0123456789abcdef");
    private final String queue = "trace-test-" + UUID.randomUUID();
    final InMemoryClaims bodies = new InMemoryClaims();
    final Set<ItemKey> done = ConcurrentHashMap.newKeySet();
    final ScriptedEffects effects = new ScriptedEffects();
    volatile boolean settledBeforeBurial;
    final InMemoryInFlight inFlight = new InMemoryInFlight();
    final TestWorkflowEnvironment environment;

    WorkflowRig(boolean remote) {
        this(remote, TestEnvironmentOptions.newBuilder());
    }

    /** Against a server that skips no time. */
    static WorkflowRig at(String address, boolean remote) {
        return new WorkflowRig(
                remote,
                TestEnvironmentOptions.newBuilder().setUseExternalService(true).setTarget(address));
    }

    private WorkflowRig(boolean remote, TestEnvironmentOptions.Builder options) {
        environment =
                TestWorkflowEnvironment.newInstance(options.setWorkflowClientOptions(WorkflowClientOptions.newBuilder()
                                .setIdentity("shunt-test")
                                .build())
                        .build());
        var arguments = new TraceArguments(
                TRACE,
                bodies,
                (workload, lives) -> Set.copyOf(
                        lives.keySet().stream().filter(done::contains).toList()));
        WorkflowBinding binding =
                TraceWorkflowBinding.create(TRACE, arguments, effects, this::bury, inFlight, Clock.systemUTC(), remote);
        Worker worker = environment.newWorker(
                queue,
                WorkerOptions.newBuilder()
                        .setDefaultDeadlockDetectionTimeout(DEADLOCK_MILLIS)
                        .build());
        worker.registerWorkflowImplementationTypes(binding.implementation());
        worker.registerActivitiesImplementations(binding.activities().toArray());
        environment.start();
        inFlight.register(item(), decision());
    }

    private void bury(DeadLetter letter) {
        settledBeforeBurial |= settled();
        effects.record(letter);
    }

    Item item() {
        return new Item(TRACE, key, "p:t1", MESSAGE, WayIn.HTTP, Instant.parse("2026-11-21T10:00:00.123456Z"), "e");
    }

    static RouteDecision decision() {
        return RouteDecision.byFlag(new Bucket(812), new Percentage(1000), new Epoch(7));
    }

    /** Starts the workflow with this item's stamped message. */
    WorkflowStub start() {
        return start(item().stamp(decision()).appendTo(MESSAGE));
    }

    WorkflowStub start(byte[] argument) {
        WorkflowStub stub = environment
                .getWorkflowClient()
                .newUntypedWorkflowStub(
                        TraceWorkflow.TYPE,
                        WorkflowOptions.newBuilder()
                                .setTaskQueue(queue)
                                .setWorkflowId("trace:" + key)
                                .build());
        stub.start(new RawValue(Payload.newBuilder()
                .putMetadata("encoding", ByteString.copyFromUtf8("json/plain"))
                .setData(ByteString.copyFrom(argument))
                .build()));
        return stub;
    }

    TraceWorkflow.Result run() {
        return start().getResult(TraceWorkflow.Result.class);
    }

    String history() {
        return environment.getWorkflowClient().fetchHistory("trace:" + key).toJson(true);
    }

    boolean settled() {
        return inFlight.find(TRACE, key).isEmpty();
    }

    @Override
    public void close() {
        environment.close();
    }
}
