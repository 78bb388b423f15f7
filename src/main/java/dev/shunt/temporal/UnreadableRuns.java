package dev.shunt.temporal;

import dev.shunt.core.Seldom;
import dev.shunt.core.Workload;
import dev.shunt.temporal.EndedRunsReader.Run;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ended runs whose message could not be read, for example because a key was removed too early. Each is told of once and tried
 * again with every look, so that it neither hides nor holds up the others. What does not fit in here is met again after a restart,
 * whose first look takes everything; a key comes back by a restart only. For one thread.
 */
final class UnreadableRuns {

    private static final Logger log = LoggerFactory.getLogger(UnreadableRuns.class);
    private static final int MOST = 100;

    private final RouteMetrics metrics;
    private final Map<Workload, Set<Run>> kept = new HashMap<>();
    private final Seldom further = new Seldom();

    UnreadableRuns(RouteMetrics metrics) {
        this.metrics = metrics;
    }

    /** Those to be tried again, at most 100. */
    Set<Run> of(Workload workload) {
        return Set.copyOf(kept.getOrDefault(workload, Set.of()));
    }

    void keep(Workload workload, Run run, RuntimeException fault) {
        Set<Run> runs = kept.computeIfAbsent(workload, none -> new LinkedHashSet<>());
        if (runs.contains(run)) {
            return;
        }
        log.debug("Run {} of workflow {} cannot be seen to", run.runId(), run.workflowId(), fault);
        if (runs.size() < MOST) {
            metrics.swept(workload, "unreadable"); // those that do not fit in come again with every look
            runs.add(run);
            log.error(
                    "Workflow {} ended and its item may be undone, but run {} cannot be seen to: {}. It is tried again every minute.",
                    run.workflowId(),
                    run.runId(),
                    fault.toString());
        } else {
            further.log(more -> log.error(
                    "Workflow {} ended and its item may be undone, but run {} cannot be seen to: {}. More than {} are like it ({} lately): they are tried again after a restart.",
                    run.workflowId(),
                    run.runId(),
                    fault.toString(),
                    MOST,
                    more + 1));
        }
    }

    void forget(Workload workload, Run run) {
        Set<Run> runs = kept.get(workload);
        if (runs != null) {
            runs.remove(run);
        }
    }
}
