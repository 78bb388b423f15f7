package dev.shunt.console;

import dev.shunt.comparison.ComparisonReport;
import dev.shunt.comparison.Judgement;
import dev.shunt.comparison.OutsideStatus;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one workload and time, for a person or a program: the report as JSON.
 *
 * @param madeAt when it was put together
 * @param phases the percentage at the beginning and each change of it, oldest first
 * @param latency per way in, stage and route
 * @param groups disagreements, the largest first
 * @param reconciliations those whose window meets this one, newest first, at most 20
 * @param outside how it stands with a worker outside as the legacy side; null if there is none and none left anything
 * @param comparison cohorts, conservation, the checker and what ignore rules hide
 */
public record WindowReport(
        String workload,
        Instant from,
        Instant until,
        Instant madeAt,
        Judgement verdict,
        List<PhaseChange> phases,
        List<Stage> latency,
        List<Group> groups,
        List<Run> reconciliations,
        @Nullable OutsideStatus outside,
        ComparisonReport comparison) {

    /**
     * From this moment on this share went to Temporal.
     *
     * @param percentage 0 also while the flag is off
     */
    public record PhaseChange(Instant at, BigDecimal percentage, long epoch, String by, String reason) {}

    /**
     * How long one stage took on one route, in milliseconds.
     *
     * @param stage for example {@code accept to commit}
     * @param n items measured; the rest is null when it is 0
     */
    public record Stage(
            String wayIn,
            String stage,
            String route,
            long n,
            @Nullable Double p50,
            @Nullable Double p90,
            @Nullable Double p95,
            @Nullable Double p99,
            @Nullable Double p999) {}

    /**
     * Divergences of one kind at one place of the data.
     *
     * @param path without ids
     * @param foundBy mechanisms that found them
     * @param hidden how many more an ignore rule hides
     * @param rate affected per compared item; null where that says nothing
     * @param upperBound of the rate, with 95 % confidence; null like it
     * @param basis what the rate is made of; empty if there is none
     * @param state what people said of it
     */
    public record Group(
            String kind,
            String path,
            List<String> foundBy,
            long count,
            long hidden,
            @Nullable Double rate,
            @Nullable Double upperBound,
            String basis,
            String state,
            Instant firstSeen,
            Instant lastSeen,
            List<Example> examples) {}

    /**
     * One reconciliation.
     *
     * @param state only DONE says anything about what was not found
     * @param items completed items of its window
     * @param verified those of them that were compared with their stored rows
     * @param findings disagreements by kind, fresh and known ones
     * @param repair NONE, DRY_RUN or APPLY
     * @param repaired rows of summaries that it changed, or would have; at most 1,000
     * @param failure why it failed or was interrupted
     */
    public record Run(
            long id,
            Instant from,
            Instant until,
            String state,
            String by,
            Instant startedAt,
            @Nullable Instant endedAt,
            long items,
            long verified,
            Map<String, Long> findings,
            String repair,
            long repaired,
            @Nullable String failure) {}

    /** One disagreement with both its values; null where there is none or only a digest is known. */
    public record Example(
            String path,
            @Nullable String expected,
            @Nullable String actual,
            @Nullable String item,
            @Nullable String route) {}
}
