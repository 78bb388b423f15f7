package dev.shunt.workloads.trace;

import dev.shunt.store.Effect;
import dev.shunt.store.GroupStatement;
import dev.shunt.store.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * The live statement for shadow runs. The message is decoded as it is, so that whatever is derived from its bytes stays the
 * same; only the project, by which runs are kept apart, is that of the run's own key.
 */
final class ShadowStatement implements GroupStatement<TraceMessage> {

    private final TraceStatement live;

    ShadowStatement(TraceStatement live) {
        this.live = live;
    }

    @Override
    public List<Effect> apply(Connection connection, List<Work<TraceMessage>> group) throws SQLException {
        return live.apply(
                connection, group.stream().map(ShadowStatement::inItsProject).toList());
    }

    private static Work<TraceMessage> inItsProject(Work<TraceMessage> work) {
        return new Work<>(
                work.delivery(), work.content().inProject(work.delivery().key().project()));
    }
}
