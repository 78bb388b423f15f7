package dev.shunt.core;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A workload's own knowledge of what its stored results must look like, for the comparator. Reads only. */
public interface ResultAudit {

    /**
     * Compares stored rows with the evidence taken from the input at acceptance.
     *
     * @param done completed items
     * @return one divergence for each disagreement
     */
    List<Divergence> verify(List<Accepted> done);

    /** Stored results that no accepted item accounts for, stored in the given span of time. */
    List<Divergence> unaccounted(Instant from, Instant until);

    /** Summaries of one day against the rows they were made from, in one snapshot. */
    List<Divergence> verifySummaries(LocalDate day);

    /** The days whose summaries these items changed; empty if the workload has no summaries. */
    default Set<LocalDate> summaryDays(Collection<ItemKey> done) {
        return Set.of();
    }

    /** The stored result of one subject, as JSON, for a person. */
    Optional<String> stored(String project, String subject);

    /** Named figures of one project and day, for reports; empty if the workload has no summaries. */
    List<Map<String, Object>> summary(String project, LocalDate day);

    /** An item as its ledger row remembers it. */
    record Accepted(ItemKey key, RouteDecision decision, Route executed, Instant acceptedAt, String evidence) {}
}
