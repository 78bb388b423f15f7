package dev.shunt.comparison;

import dev.shunt.core.Divergence;
import dev.shunt.core.ItemKey;
import dev.shunt.core.ResultAudit;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.store.Divergences;
import dev.shunt.store.LedgerChecks;
import dev.shunt.store.LedgerChecks.Mark;
import dev.shunt.store.LedgerRow;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One workload's reconciliation: what it has looked at, and the next pass. Used by one thread at a time. */
final class WorkloadCheck {

    private static final Logger log = LoggerFactory.getLogger(WorkloadCheck.class);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration OVERLAP = Duration.ofMinutes(1);

    private final Workload workload;
    private final ResultAudit audit;
    private final LedgerChecks ledger;
    private final Divergences divergences;
    private final ComparisonSettings settings;
    private final Clock clock;
    private final Failures failures;
    private final ComparisonCounts counts;

    private final SummaryDays summaries;
    private Mark again = Mark.START;
    private Instant accountedUntil = Instant.EPOCH;
    private Instant sweptAt = Instant.EPOCH;

    WorkloadCheck(
            Workload workload,
            ResultAudit audit,
            LedgerChecks ledger,
            Divergences divergences,
            ComparisonSettings settings,
            Clock clock,
            Failures failures,
            ComparisonCounts counts) {
        this.workload = workload;
        this.audit = audit;
        this.ledger = ledger;
        this.divergences = divergences;
        this.settings = settings;
        this.clock = clock;
        this.failures = failures;
        this.counts = counts;
        this.summaries = new SummaryDays(settings.sweep());
    }

    /** Takes each failure of the checker itself; a check that fails is not a check that found nothing. */
    interface Failures {
        void add(String step, RuntimeException failure);
    }

    /** @throws UnavailableException if the database went away; the next pass takes up where this one stopped */
    void run() {
        Instant now = clock.instant();
        boolean sweep = Duration.between(sweptAt, now).compareTo(settings.sweep()) >= 0;
        guarded("new items", () -> verifyNew(now));
        guarded("verified items", () -> verifyAgain(now));
        guarded("stored results", () -> findExtra(now, sweep));
        if (sweep) {
            sweptAt = now;
        }
        lookAtSummaries();
    }

    private void verifyNew(Instant now) {
        Mark mark = Mark.START;
        boolean marked;
        do {
            List<LedgerRow> page = ledger.unchecked(workload, mark, now.minus(settings.settle()), settings.batch());
            if (page.isEmpty()) {
                return;
            }
            List<ItemKey> verified = new ArrayList<>();
            verify(page, verified);
            mark = LedgerChecks.uncheckedMark(page.getLast());
            marked = alone("days of new items", () -> mark(verified));
        } while (marked);
    }

    /**
     * Marked last: whoever sees an item marked sees every divergence that its own rows led to, and finds its days noted until
     * their summaries were looked at, by whichever instance. What comes between leaves it unmarked, to be verified again.
     */
    private void mark(List<ItemKey> verified) {
        if (verified.isEmpty()) {
            return;
        }
        Set<LocalDate> days;
        try {
            days = audit.summaryDays(verified);
        } catch (UnavailableException away) {
            throw away;
        } catch (RuntimeException failure) {
            if (verified.size() == 1) {
                failures.add("the days of item " + verified.getFirst(), failure); // it stays unmarked, as backlog
                return;
            }
            int half = verified.size() / 2;
            mark(verified.subList(0, half));
            mark(verified.subList(half, verified.size()));
            return;
        }
        ledger.oweSummaries(workload, days);
        ledger.markChecked(workload, verified);
    }

    private void verify(List<LedgerRow> page, List<ItemKey> verified) {
        try {
            List<Divergence> found =
                    audit.verify(page.stream().map(LedgerRow::accepted).toList());
            keep(found);
            keep(Lateness.of(page, settings.lateAfter()));
            page.forEach(row -> verified.add(row.key()));
            counts.compared(
                    page.size(),
                    found.stream()
                            .map(Divergence::key)
                            .filter(Objects::nonNull)
                            .distinct()
                            .count());
        } catch (UnavailableException away) {
            throw away;
        } catch (RuntimeException failure) {
            if (page.size() == 1) {
                counts.failed();
                failures.add("item " + page.getFirst().key(), failure); // it stays unverified and counts as backlog
                return;
            }
            int half = page.size() / 2;
            verify(page.subList(0, half), verified);
            verify(page.subList(half, page.size()), verified);
        }
    }

    // What was right yesterday can have been changed since: walk through the last day, a page at a time.
    private void verifyAgain(Instant now) {
        if (settings.recheck() == 0) {
            return;
        }
        Instant oldest = now.minus(DAY);
        Mark from = again.time().isBefore(oldest) ? new Mark(oldest, "") : again;
        List<LedgerRow> page = ledger.checked(workload, from, settings.recheck());
        again = page.size() < settings.recheck() ? Mark.START : LedgerChecks.checkedMark(page.getLast());
        if (!page.isEmpty()) {
            keep(audit.verify(page.stream().map(LedgerRow::accepted).toList()));
        }
    }

    private void findExtra(Instant now, boolean sweep) {
        Instant dayAgo = now.minus(DAY);
        Instant from = sweep || accountedUntil.isBefore(dayAgo) ? dayAgo : accountedUntil.minus(OVERLAP);
        // stored times come from the database's clock, which may be ahead of ours
        keep(audit.unaccounted(from, now.plus(OVERLAP)));
        accountedUntil = now;
    }

    // After everything else: a day that is too large to be summed in time must not keep items from being verified.
    private void lookAtSummaries() {
        Map<LocalDate, Instant> owed = ledger.owedSummaries(workload);
        summaries.changed(owed.keySet());
        for (LocalDate day : summaries.due(clock.instant())) {
            Instant begun = clock.instant();
            if (summaries.rests(day, begun)) {
                continue;
            }
            boolean seen = alone("summaries of " + day, () -> verifySummaries(day));
            summaries.looked(day, begun, clock.instant(), seen);
            Instant noted = owed.get(day);
            if (seen && noted != null) {
                ledger.summariesSeen(workload, day, noted);
            }
        }
    }

    /** Of today and yesterday, those whose summaries nobody can vouch for: the last look failed, or there was none yet. */
    List<LocalDate> unsummed() {
        return summaries.unseen(clock.instant());
    }

    // One look compares within one snapshot; still, only what a second look confirms is recorded.
    private void verifySummaries(LocalDate day) {
        List<Divergence> found = audit.verifySummaries(day);
        if (!found.isEmpty()) {
            Set<String> confirmed =
                    audit.verifySummaries(day).stream().map(Divergence::path).collect(Collectors.toSet());
            keep(found.stream().filter(each -> confirmed.contains(each.path())).toList());
        }
    }

    private void keep(List<Divergence> found) {
        int fresh = divergences.record(workload, found);
        if (fresh > 0) {
            Divergence example = found.getFirst();
            log.warn(
                    "{} divergence(s) of {} are new or came back, for example {} at {} ({}). Values are listed by "
                            + "/api/v1/divergences; the work goes on",
                    fresh,
                    workload,
                    example.kind(),
                    example.path(),
                    example.key() == null ? "no single item" : example.key());
        }
    }

    private void guarded(String step, Runnable work) {
        try {
            work.run();
        } catch (UnavailableException away) {
            throw away;
        } catch (RuntimeException failure) {
            failures.add(step, failure);
        }
    }

    /**
     * What fails here, even for want of an answer, is counted and ends nothing else.
     *
     * @return whether it did not fail
     */
    private boolean alone(String step, Runnable work) {
        try {
            work.run();
            return true;
        } catch (RuntimeException failure) {
            failures.add(step, failure);
            return false;
        }
    }
}
