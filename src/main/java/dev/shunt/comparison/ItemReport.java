package dev.shunt.comparison;

import dev.shunt.core.Route;
import dev.shunt.core.WayIn;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of everything that was accepted about one subject.
 *
 * @param subject for example a trace id
 * @param items in the order of acceptance
 * @param stored the stored result as JSON text; null if nothing is stored
 */
public record ItemReport(
        String workload,
        String project,
        String subject,
        List<Line> items,
        @Nullable String stored) {

    /**
     * One item. Null where its source does not know.
     *
     * @param source LEDGER, BOOK (accepted, not stored yet) or DEAD_LETTER
     * @param state OPEN, PENDING, DONE, DEAD, REPLAYED or DISCARDED
     * @param route where it ran or runs
     * @param decided what the router chose
     * @param percentage the share that was in force, in percent
     * @param why for people: {@code bucket 812 < 1000, epoch 7}
     * @param latencyMs accept to commit
     * @param deadBecause why it was given up
     */
    public record Line(
            String key,
            String source,
            String state,
            Route route,
            @Nullable Route decided,
            @Nullable Integer bucket,
            @Nullable BigDecimal percentage,
            @Nullable Long epoch,
            String why,
            @Nullable WayIn wayIn,
            @Nullable Instant acceptedAt,
            @Nullable Instant committedAt,
            @Nullable Double latencyMs,
            @Nullable Integer duplicates,
            @Nullable Integer replays,
            @Nullable String workflowId,
            @Nullable String runId,
            @Nullable String deadBecause,
            @Nullable Integer attempts,
            @Nullable Instant diedAt,
            @Nullable Instant checkedAt) {}
}
