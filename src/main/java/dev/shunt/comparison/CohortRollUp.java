package dev.shunt.comparison;

import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.store.CohortSums;
import dev.shunt.store.PeriodicTask;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Keeps the sums of the ledger going, on whichever instance comes first. */
final class CohortRollUp implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(CohortRollUp.class);

    private final Set<Workload> workloads;
    private final CohortSums sums;
    private final PeriodicTask task;
    private volatile boolean stopping;

    CohortRollUp(Set<Workload> workloads, CohortSums sums, CohortSettings settings) {
        this.workloads = Set.copyOf(workloads);
        this.sums = sums;
        this.task = new PeriodicTask("shunt-cohorts", settings.interval(), this::update);
    }

    /** One pass for each workload; where the sums are built anew, as many as that takes. */
    void update() {
        for (Workload workload : workloads) {
            try {
                CohortSums.Pass pass;
                do {
                    pass = sums.update(workload);
                } while (pass == CohortSums.Pass.MORE && !stopping);
            } catch (UnavailableException away) {
                log.debug("The ledger of {} cannot be summed up; reports read it row by row", workload, away);
            }
        }
    }

    @Override
    public void start() {
        stopping = false;
        task.start();
    }

    @Override
    public void stop() {
        stopping = true;
        task.stop();
    }

    @Override
    public boolean isRunning() {
        return task.isRunning();
    }
}
