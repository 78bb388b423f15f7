package dev.shunt.comparison;

import dev.shunt.comparison.DivergenceLog.Entry;
import dev.shunt.core.Divergence.FoundBy;
import dev.shunt.core.Divergence.Kind;
import dev.shunt.core.GroupState;
import dev.shunt.core.Workload;
import dev.shunt.store.DivergenceGroups;
import dev.shunt.store.DivergenceGroups.Question;
import dev.shunt.store.LedgerChecks;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Divergences by kind and place of the data: how many, how likely, and what people said of them. */
public final class GroupReports {

    private final DivergenceGroups groups;
    private final LedgerChecks ledger;
    private final List<ComparedItems> others;
    private final int examples;

    /** @param others mechanisms that compare something else than the ledger's items */
    GroupReports(DivergenceGroups groups, LedgerChecks ledger, List<ComparedItems> others, int examples) {
        this.groups = groups;
        this.ledger = ledger;
        this.others = List.copyOf(others);
        this.examples = examples;
    }

    /**
     * Divergences of one kind at one place of the data.
     *
     * @param path without ids
     * @param foundBy the mechanisms that found them
     * @param count distinct ones that no ignore rule hides
     * @param seen how often those were found in all
     * @param hidden distinct ones that an ignore rule hides
     * @param firstSeen of all of them, hidden or not
     * @param rate affected items per compared item, see {@code basis}; null where that says nothing: the group is not
     *     about items (a summary), or nothing was compared
     * @param upperBound the greatest rate that is compatible with what was seen, with 95 % confidence; null like the rate
     * @param basis what rate and bound are made of; null like the rate
     * @param reopened said to be FIXED and seen again since
     * @param stateBy who set the state; null if nobody did
     * @param examples the first ones, hidden ones last
     */
    public record Group(
            Kind kind,
            String path,
            Set<FoundBy> foundBy,
            long count,
            long seen,
            long hidden,
            Instant firstSeen,
            Instant lastSeen,
            @Nullable Double rate,
            @Nullable Double upperBound,
            @Nullable Basis basis,
            GroupState state,
            boolean reopened,
            @Nullable String stateBy,
            @Nullable String stateReason,
            @Nullable Instant stateAt,
            List<Entry> examples) {}

    /**
     * @param affected distinct items with such a divergence seen in {@code from <= t < to}
     * @param compared items verified in that time, or shadow pairs compared if only those found it; at least
     *     {@code affected}, because a missing item is never verified
     */
    public record Basis(long affected, long compared, Instant from, Instant to) {}

    /**
     * The largest group first.
     *
     * @param from begin of the window of the rates
     * @param until its end
     * @param onlySeenThen leaves out divergences that were not seen in it
     * @param shown examples of each group, 0..20; null: as configured
     * @param state only groups in this state; null: all
     */
    public List<Group> groups(
            Workload workload,
            Instant from,
            Instant until,
            boolean onlySeenThen,
            @Nullable Integer shown,
            @Nullable GroupState state) {
        var question = new Question(workload, from, until, onlySeenThen, shown == null ? examples : shown);
        Map<FoundBy, Long> compared = new EnumMap<>(FoundBy.class);
        return groups.groups(question).stream()
                .filter(group -> state == null || group.judgement().state() == state)
                .map(group -> group(group, workload, from, until, compared))
                .toList();
    }

    /**
     * Keeps what a person says of a group.
     *
     * @param path as {@link Group#path()} says it
     * @return the group as it is now, with rates over {@code from <= t < until}; null if there is no such group
     */
    public @Nullable Group judge(
            Workload workload,
            Kind kind,
            String path,
            GroupState state,
            String by,
            String reason,
            Instant from,
            Instant until) {
        if (!groups.judge(workload, kind, path, state, by, reason)) {
            return null;
        }
        return groups(workload, from, until, false, null, null).stream()
                .filter(group -> group.kind() == kind && group.path().equals(path))
                .findFirst()
                .orElse(null);
    }

    private Group group(
            DivergenceGroups.Group group, Workload workload, Instant from, Instant until, Map<FoundBy, Long> compared) {
        Basis basis = basis(group, workload, from, until, compared);
        DivergenceGroups.Judgement judgement = group.judgement();
        return new Group(
                group.kind(),
                group.pathPattern(),
                group.foundBy(),
                group.count(),
                group.seen(),
                group.hidden(),
                group.firstSeen(),
                group.lastSeen(),
                basis == null ? null : (double) basis.affected() / basis.compared(),
                basis == null ? null : Equality.upperBound(basis.affected(), basis.compared()),
                basis,
                judgement.state(),
                judgement.reopened(),
                judgement.by(),
                judgement.reason(),
                judgement.at(),
                group.examples().stream().map(DivergenceLog::entry).toList());
    }

    private @Nullable Basis basis(
            DivergenceGroups.Group group, Workload workload, Instant from, Instant until, Map<FoundBy, Long> compared) {
        if (!group.aboutItems()) {
            return null;
        }
        FoundBy by = group.foundBy().size() == 1 ? group.foundBy().iterator().next() : FoundBy.RECONCILIATION;
        long all = compared.computeIfAbsent(by, mechanism -> compared(mechanism, workload, from, until));
        return all == 0 ? null : new Basis(group.affected(), Math.max(all, group.affected()), from, until);
    }

    private long compared(FoundBy by, Workload workload, Instant from, Instant until) {
        for (ComparedItems other : others) {
            if (other.by() == by) {
                return other.compared(workload, from, until);
            }
        }
        return by == FoundBy.SHADOW ? 0 : ledger.verified(workload, from, until);
    }
}
