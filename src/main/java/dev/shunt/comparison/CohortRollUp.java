package dev.shunt.comparison;

import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.store.CohortSums;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the sums of the ledger going, on whichever instance comes first. */
final class CohortRollUp {

    private static final Logger log = LoggerFactory.getLogger(CohortRollUp.class);

    private final Set<Workload> workloads;
    private final CohortSums sums;

    CohortRollUp(Set<Workload> workloads, CohortSums sums) {
        this.workloads = Set.copyOf(workloads);
        this.sums = sums;
    }

    /** One pass for each workload; where the sums are built anew, as many as that takes, unless interrupted. */
    void update() {
        for (Workload workload : workloads) {
            try {
                CohortSums.Pass pass;
                do {
                    pass = sums.update(workload);
                } while (pass == CohortSums.Pass.MORE && !Thread.currentThread().isInterrupted());
            } catch (UnavailableException away) {
                log.debug("The ledger of {} cannot be summed up; reports read it row by row", workload, away);
            }
        }
    }
}
