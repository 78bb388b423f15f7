package dev.shunt.core;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;

/**
 * What a workload brings beyond {@link ResultAudit} for the reconciliation of long spans of time. Works on connections of
 * its own, whose statements may take minutes. A bean of this type is optional; without one only the audit is used.
 */
public interface FullAudit {

    Workload workload();

    /** The same audit as always, on the connections for long work. */
    ResultAudit audit();

    /** Stored results that no accepted item accounts for, stored in {@code from <= t < until}. */
    List<Divergence> unaccounted(Instant from, Instant until);

    /** Rows written in that time whose counterpart is not there, in either direction. */
    List<Divergence> orphans(Instant from, Instant until);

    /** The days whose summaries were changed by what was stored in that time. */
    Set<LocalDate> summaryDays(Instant from, Instant until);

    /** What {@link #repairSummaries} would change now. */
    List<SummaryChange> planRepair(LocalDate day);

    /**
     * Makes the summaries of one day the sums of their rows again, project by project, and writes each change to the audit
     * trail in the same transaction.
     *
     * @param run the reconciliation that it belongs to
     * @param actor who ordered it
     */
    List<SummaryChange> repairSummaries(LocalDate day, long run, String actor);
}
