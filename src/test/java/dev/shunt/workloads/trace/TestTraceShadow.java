package dev.shunt.workloads.trace;

import dev.shunt.core.Route;
import dev.shunt.core.ShadowWorkload;
import dev.shunt.core.WorkflowBinding;
import dev.shunt.store.GroupWriter;
import dev.shunt.store.ShadowSchema;
import dev.shunt.store.TestShadow;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** Shadow runs of traces on private tables, through the same lanes as in production; no workflow is between. */
public final class TestTraceShadow implements AutoCloseable {

    private static final WorkflowBinding NO_WORKFLOW = new WorkflowBinding(
            TraceWorkload.TRACE, "none", TestTraceShadow.class, List.of(), TraceWorkflowBinding.STEPS);

    private final ShadowSchema schema;
    private final GroupWriter<TraceMessage> legacyLane;
    private final GroupWriter<TraceMessage> temporalLane;
    private final ShadowWorkload onLegacy;
    private final ShadowWorkload onTemporal;

    public TestTraceShadow(DataSource live) {
        this.schema = TestShadow.migrated(live);
        var statement = new ShadowStatement(new TraceStatement(false));
        this.legacyLane = schema.lane("shadow-legacy", statement);
        this.temporalLane = schema.lane("shadow-temporal", statement);
        this.onLegacy = through(legacyLane, live);
        this.onTemporal = through(temporalLane, live);
    }

    private ShadowWorkload through(GroupWriter<TraceMessage> lane, DataSource live) {
        DataSource apart = schema.dataSource();
        var workload = new TraceShadow(
                new FinishingHandler(new TraceHandler(lane), new PendingSpans(TraceWorkload.TRACE, apart)),
                NO_WORKFLOW,
                schema,
                live,
                new PriceCopy(live, apart, Clock.systemUTC()),
                Optional::empty);
        workload.prepare();
        return workload;
    }

    /** Its handler stores through that route's lane. */
    public ShadowWorkload on(Route route) {
        return route == Route.TEMPORAL ? onTemporal : onLegacy;
    }

    @Override
    public void close() {
        legacyLane.close();
        temporalLane.close();
        schema.close();
    }
}
