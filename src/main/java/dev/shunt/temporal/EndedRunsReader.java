package dev.shunt.temporal;

import com.google.protobuf.ByteString;
import dev.shunt.core.UnavailableException;
import dev.shunt.temporal.Bindings.Bound;
import io.grpc.Status;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.workflow.v1.WorkflowExecutionInfo;
import io.temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryRequest;
import io.temporal.api.workflowservice.v1.ListWorkflowExecutionsRequest;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.RawValue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Asks the server for runs that ended without having completed, and for what they were started with. */
final class EndedRunsReader {

    /** Memo of runs whose item is in no registry. Its presence counts; only what a server lists without asking for more. */
    static final String ALONE = "ShuntAlone";

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int PAGE = 200;

    private final TemporalSettings settings;
    private final TemporalConnection connection;
    private final RpcDeadline deadline;
    private final DataConverter converter;

    EndedRunsReader(
            TemporalSettings settings, TemporalConnection connection, RpcDeadline deadline, DataConverter converter) {
        this.settings = settings;
        this.connection = connection;
        this.deadline = deadline;
        this.converter = converter;
    }

    /** @param alone whether it was started as the only place of its item */
    record Run(String workflowId, String runId, boolean alone) {}

    /** @param next empty: this was the last one */
    record Page(List<Run> runs, ByteString next) {}

    /**
     * One page of a workload's runs that were terminated, cancelled, timed out or failed; not in any order.
     *
     * @param after closed later than this; empty: all that the server still keeps
     * @param from where the page before ended; empty: the first page
     * @return empty if this server keeps no list (the one in memory)
     * @throws UnavailableException if the server could not be asked
     */
    Optional<Page> page(Bound bound, Optional<Instant> after, ByteString from) {
        String query = "TaskQueue = " + quoted(bound.taskQueue()) + " AND WorkflowType = "
                + quoted(bound.binding().workflowType())
                + " AND ExecutionStatus IN ('Terminated', 'Canceled', 'TimedOut', 'Failed')"
                + after.map(time -> " AND CloseTime > " + quoted(time.toString()))
                        .orElse("");
        return ask("listing runs", Status.Code.UNIMPLEMENTED, () -> {
            var answer = connection
                    .stubs()
                    .blockingStub()
                    .listWorkflowExecutions(ListWorkflowExecutionsRequest.newBuilder()
                            .setNamespace(settings.namespace())
                            .setPageSize(PAGE)
                            .setNextPageToken(from)
                            .setQuery(query)
                            .build());
            return new Page(
                    answer.getExecutionsList().stream()
                            .map(EndedRunsReader::run)
                            .toList(),
                    answer.getNextPageToken());
        });
    }

    /**
     * The one argument of a run: a stamped message, or a stamped reference to one.
     *
     * @return empty if the server has forgotten the run, or it had no argument
     * @throws UnavailableException if the server could not be asked
     */
    Optional<byte[]> argument(Run run) {
        return ask(
                        "reading the history of " + run.workflowId(),
                        Status.Code.NOT_FOUND,
                        () -> connection
                                .stubs()
                                .blockingStub()
                                .getWorkflowExecutionHistory(GetWorkflowExecutionHistoryRequest.newBuilder()
                                        .setNamespace(settings.namespace())
                                        .setExecution(WorkflowExecution.newBuilder()
                                                .setWorkflowId(run.workflowId())
                                                .setRunId(run.runId()))
                                        .setMaximumPageSize(1)
                                        .build())
                                .getHistory()
                                .getEventsList())
                .flatMap(events -> events.stream().findFirst())
                .filter(HistoryEvent::hasWorkflowExecutionStartedEventAttributes)
                .map(event -> event.getWorkflowExecutionStartedEventAttributes().getInput())
                .filter(input -> input.getPayloadsCount() == 1)
                .map(input -> decoded(input.getPayloads(0)));
    }

    private byte[] decoded(Payload payload) {
        return converter
                .fromPayload(payload, RawValue.class, RawValue.class)
                .getPayload()
                .getData()
                .toByteArray();
    }

    private static Run run(WorkflowExecutionInfo info) {
        return new Run(
                info.getExecution().getWorkflowId(),
                info.getExecution().getRunId(),
                info.getMemo().containsFields(ALONE));
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private <T> Optional<T> ask(String doing, Status.Code nothing, Callable<T> call) {
        try {
            return Optional.of(deadline.within(PATIENCE, call));
        } catch (Exception failed) {
            if (Status.fromThrowable(failed).getCode() == nothing) {
                return Optional.empty();
            }
            if (Status.fromThrowable(failed).getCode() == Status.Code.DATA_LOSS) {
                throw new IllegalStateException("Temporal has lost data, seen while " + doing, failed);
            }
            throw new UnavailableException("Temporal did not answer while " + doing, Duration.ofSeconds(2), failed);
        }
    }
}
