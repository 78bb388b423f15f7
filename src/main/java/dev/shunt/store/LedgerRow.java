package dev.shunt.store;

import static dev.shunt.store.Reads.time;
import static dev.shunt.store.Reads.timeOrNull;

import dev.shunt.core.Bucket;
import dev.shunt.core.Epoch;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Percentage;
import dev.shunt.core.Reason;
import dev.shunt.core.ResultAudit.Accepted;
import dev.shunt.core.Route;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.WayIn;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An item as the ledger remembers it.
 *
 * @param decision as it was carried out by the delivery that wrote the row
 * @param executed the route whose delivery committed first
 * @param committedAt when its effects were durable; null while it is open
 * @param duplicates deliveries by others that found it done
 * @param replays repeats of the delivery that did it
 * @param workflowId the workflow that carried it, if one did
 * @param checkedAt when the stored result was compared with the input; null if it was not yet
 */
public record LedgerRow(
        ItemKey key,
        State state,
        WayIn wayIn,
        RouteDecision decision,
        Route executed,
        Instant acceptedAt,
        @Nullable Instant committedAt,
        int duplicates,
        int replays,
        @Nullable String workflowId,
        @Nullable String runId,
        String evidence,
        @Nullable Instant checkedAt) {

    static final String COLUMNS = """
            item_key, state, way_in, decided_route, executed_route, reason, bucket, basis_points, epoch, accepted_at,
            committed_at, duplicates, replays, workflow_id, run_id, evidence, checked_at
            """;

    /** Where an item is in its life. */
    public enum State {
        /** Accepted and in flight for a while. */
        OPEN,
        /** Stored; a price or a summary is still to be finished. */
        PENDING,
        DONE,
        DEAD
    }

    /** What the workload's audit wants to know of it. */
    public Accepted accepted() {
        return new Accepted(key, decision, executed, acceptedAt, evidence);
    }

    static LedgerRow of(ResultSet row, int number) throws SQLException {
        Route executed = Route.valueOf(row.getString("executed_route"));
        return new LedgerRow(
                new ItemKey(row.getString("item_key")),
                State.valueOf(row.getString("state")),
                WayIn.valueOf(row.getString("way_in")),
                decision(row, executed),
                executed,
                time(row, "accepted_at"),
                timeOrNull(row, "committed_at"),
                row.getInt("duplicates"),
                row.getInt("replays"),
                row.getString("workflow_id"),
                row.getString("run_id"),
                row.getString("evidence"),
                timeOrNull(row, "checked_at"));
    }

    private static RouteDecision decision(ResultSet row, Route executed) throws SQLException {
        Route decided = Route.valueOf(row.getString("decided_route"));
        Reason reason = Reason.valueOf(row.getString("reason"));
        // two routes may race on one item: the winner can be one that its stamp did not name
        Route carriedOut = reason == Reason.FLAG ? decided : executed;
        return new RouteDecision(
                decided,
                carriedOut,
                reason,
                new Bucket(row.getInt("bucket")),
                new Percentage(row.getInt("basis_points")),
                new Epoch(row.getLong("epoch")));
    }
}
