package dev.shunt.console;

import dev.shunt.comparison.CohortSeries;
import dev.shunt.comparison.ComparisonReport;
import dev.shunt.console.Figure.Look;
import dev.shunt.core.InFlight;
import dev.shunt.core.Workload;
import dev.shunt.rollout.Progress;
import dev.shunt.rollout.ProgressReader.Judged;
import dev.shunt.rollout.RollbackProof;
import dev.shunt.rollout.Status;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All that the status page shows of a workload, each part as far as it could be read in time.
 *
 * @param lately what was routed in the last minutes
 * @param lastHour both routes side by side
 * @param temporal why Temporal takes no items; empty if it does
 */
record Sight(
        Workload workload,
        Instant at,
        Look<Status> status,
        Look<Progress> progress,
        Look<Optional<Judged>> verdict,
        Look<CohortSeries> lately,
        Look<ComparisonReport> lastHour,
        Look<List<WindowReport.Group>> groups,
        Look<Optional<RollbackProof>> proof,
        Look<InFlight.Counts> waiting,
        Optional<String> temporal) {}
