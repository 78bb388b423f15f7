package dev.shunt.temporal;

import dev.shunt.temporal.Bindings.Bound;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptor;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptorBase;
import io.temporal.common.metadata.POJOActivityImplMetadata;
import io.temporal.common.metadata.POJOActivityMethodMetadata;
import io.temporal.failure.ApplicationErrorCategory;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.unsafe.WorkflowUnsafe;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** Counts what this worker does, by type of workflow and of step, from the start on and in both modes of activities. */
final class TaskMeters extends WorkerInterceptorBase {

    private final MeterRegistry meters;
    private final Map<String, Task> tasks = new ConcurrentHashMap<>();
    private final AtomicInteger workflows = new AtomicInteger();
    private final AtomicInteger activities = new AtomicInteger();

    TaskMeters(MeterRegistry meters, Iterable<Bound> bindings) {
        this.meters = meters;
        Gauge.builder("shunt.active.workflows", workflows, AtomicInteger::get)
                .description("Workflow runs that this worker holds")
                .register(meters);
        Gauge.builder("shunt.active.activities", activities, AtomicInteger::get)
                .description("Steps that run on this worker now, local ones included")
                .register(meters);
        for (Bound bound : bindings) {
            expect(bound.binding().workflowType());
            for (Object steps : bound.binding().activities()) {
                POJOActivityImplMetadata.newInstance(steps.getClass()).getActivityMethods().stream()
                        .map(POJOActivityMethodMetadata::getActivityTypeName)
                        .forEach(this::expect);
            }
        }
    }

    /** How a task ends. */
    private enum End {
        COMPLETED,
        FAILED,
        /** A step has said, as it is meant to, that it is to be done another way. */
        DECLINED;

        static End of(Throwable fault) {
            for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
                if (cause instanceof ApplicationFailure why && why.getCategory() == ApplicationErrorCategory.BENIGN) {
                    return DECLINED;
                }
            }
            return FAILED;
        }
    }

    /** The meters of one type. */
    private record Task(Map<End, Counter> ends, Timer duration) {

        void ended(End how, long begun) {
            Objects.requireNonNull(ends.get(how)).increment();
            duration.record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
        }
    }

    private void expect(String type) {
        tasks.put(
                type,
                new Task(
                        Arrays.stream(End.values()).collect(Collectors.toMap(end -> end, end -> processed(type, end))),
                        Timer.builder("shunt.task.duration")
                                .description("How long one task took")
                                .tag("task_type", type)
                                .serviceLevelObjectives(
                                        Duration.ofMillis(10),
                                        Duration.ofMillis(50),
                                        Duration.ofMillis(100),
                                        Duration.ofMillis(500),
                                        Duration.ofSeconds(1),
                                        Duration.ofSeconds(5),
                                        Duration.ofSeconds(10),
                                        Duration.ofSeconds(30),
                                        Duration.ofMinutes(1),
                                        Duration.ofMinutes(5))
                                .register(meters)));
    }

    private Counter processed(String type, End end) {
        return Counter.builder("shunt.tasks.processed")
                .description("Workflow runs and steps that ended on this worker")
                .tag("task_type", type)
                .tag("status", end.name().toLowerCase(Locale.ROOT))
                .register(meters);
    }

    /** Types that no workload brought, such as the one that warms the worker up, are not counted. */
    private void ended(String type, End how, long begun) {
        Task task = tasks.get(type);
        if (task != null) {
            task.ended(how, begun);
        }
    }

    @Override
    public WorkflowInboundCallsInterceptor interceptWorkflow(WorkflowInboundCallsInterceptor next) {
        return new WorkflowInboundCallsInterceptorBase(next) {
            @Override
            public WorkflowOutput execute(WorkflowInput input) {
                String type = Workflow.getInfo().getWorkflowType();
                long begun = System.nanoTime();
                workflows.incrementAndGet();
                try {
                    WorkflowOutput output = super.execute(input);
                    closed(type, End.COMPLETED, begun);
                    return output;
                } catch (RuntimeException failed) {
                    closed(type, End.FAILED, begun); // leaving the cache is an Error and no end
                    throw failed;
                } finally {
                    workflows.decrementAndGet();
                }
            }
        };
    }

    private void closed(String type, End how, long begun) {
        if (!WorkflowUnsafe.isReplaying()) {
            ended(type, how, begun);
        }
    }

    @Override
    public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
        return new ActivityInboundCallsInterceptorBase(next) {

            private String type = "";

            @Override
            public void init(ActivityExecutionContext context) {
                type = context.getInfo().getActivityType();
                super.init(context);
            }

            @Override
            public ActivityOutput execute(ActivityInput input) {
                long begun = System.nanoTime();
                activities.incrementAndGet();
                End how = End.FAILED;
                try {
                    ActivityOutput output = super.execute(input);
                    how = End.COMPLETED;
                    return output;
                } catch (RuntimeException fault) {
                    how = End.of(fault);
                    throw fault;
                } finally {
                    activities.decrementAndGet();
                    ended(type, how, begun);
                }
            }
        };
    }
}
