package dev.shunt.temporal;

import dev.shunt.core.Preflight;
import dev.shunt.core.Workload;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import java.time.Duration;

/** Whether Temporal answers and has the namespace. */
final class TemporalThere implements Preflight {

    /** Days: as long as the ledger tells of an item, so that its history can be looked at. */
    private static final int LONG_ENOUGH = 30;

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final TemporalSettings settings;
    private final TemporalConnection connection;
    private final RpcDeadline deadline;

    TemporalThere(TemporalSettings settings, TemporalConnection connection, RpcDeadline deadline) {
        this.settings = settings;
        this.connection = connection;
        this.deadline = deadline;
    }

    @Override
    public String subject() {
        return "Temporal and its namespace";
    }

    @Override
    public boolean beforeEachRaise() {
        return false;
    }

    @Override
    public Finding check(Workload workload) {
        String place = settings.address() + ", namespace " + settings.namespace();
        try {
            var found = deadline.within(
                    PATIENCE,
                    () -> connection
                            .stubs()
                            .blockingStub()
                            .describeNamespace(DescribeNamespaceRequest.newBuilder()
                                    .setNamespace(settings.namespace())
                                    .build()));
            long days = found.getConfig().getWorkflowExecutionRetentionTtl().getSeconds() / 86_400;
            if (settings.inMemory()) {
                return new Finding.Pass("the server at " + place
                        + " keeps everything in memory and is capped: good for trying, not for production");
            }
            return new Finding.Pass(place + " answers; histories are kept " + days + " days"
                    + (days < LONG_ENOUGH ? ", less than the " + LONG_ENOUGH + " that are advised" : ""));
        } catch (StatusRuntimeException refused) {
            Status.Code code = refused.getStatus().getCode();
            if (code == Status.Code.NOT_FOUND) {
                return new Finding.Refused("there is no namespace " + settings.namespace() + " at " + settings.address()
                        + ": temporal operator namespace create " + settings.namespace());
            }
            if (code == Status.Code.UNIMPLEMENTED) {
                return new Finding.Unknown("the server at " + place + " does not tell about namespaces");
            }
            return away(place, refused);
        } catch (Exception fault) {
            return away(place, fault);
        }
    }

    private Finding away(String place, Exception fault) {
        return new Finding.Refused("Temporal at " + place + " does not answer (" + connection.told(fault)
                + "); start it, or correct TEMPORAL_ADDRESS");
    }
}
