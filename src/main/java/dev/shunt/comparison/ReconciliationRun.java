package dev.shunt.comparison;

import dev.shunt.core.Divergence;
import dev.shunt.core.Divergence.FoundBy;
import dev.shunt.core.Divergence.Kind;
import dev.shunt.core.FullAudit;
import dev.shunt.core.InFlight.Entry;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Reconciliation;
import dev.shunt.core.Reconciliation.Repair;
import dev.shunt.core.ResultAudit;
import dev.shunt.core.SummaryChange;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.store.Divergences;
import dev.shunt.store.LedgerChecks.Mark;
import dev.shunt.store.LedgerRow;
import dev.shunt.store.LedgerWindow;
import dev.shunt.store.SummaryRepairs;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One reconciliation from its first question to its last. Any failure ends it: what was not looked at is not all right. */
final class ReconciliationRun {

    /** Large enough that round trips do not count, small enough for the heap. */
    private static final int PAGE = 2_000;

    private static final int PAGES_AHEAD = 3;

    private final Reconciliation order;
    private final Sources sources;
    private final Duration missingAfter;
    private final ExecutorService verifiers;
    private final Clock clock;
    private final Map<Kind, Long> findings = new EnumMap<>(Kind.class);
    private volatile String step = "begin";
    private volatile long items;
    private volatile long verified;

    /** What a run asks. */
    record Sources(
            LedgerWindow ledger,
            ResultAudit audit,
            Optional<FullAudit> full,
            Whereabouts whereabouts,
            Divergences divergences,
            SummaryRepairs repairs) {}

    /**
     * @param missingAfter between the two looks that make an item missing
     * @param verifiers compare pages beside the thread that reads them
     */
    ReconciliationRun(
            Reconciliation order, Sources sources, Duration missingAfter, ExecutorService verifiers, Clock clock) {
        this.order = order;
        this.sources = sources;
        this.missingAfter = missingAfter;
        this.verifiers = verifiers;
        this.clock = clock;
    }

    /** How far it has come. */
    record Progress(String step, long items, long verified, Map<Kind, Long> findings) {}

    Progress progress() {
        synchronized (findings) {
            return new Progress(step, items, verified, new EnumMap<>(findings));
        }
    }

    /** @throws InterruptedException if it is to stop */
    void run() throws InterruptedException {
        step = "count";
        Workload workload = order.workload();
        items = sources.ledger().items(workload, order.from(), order.until());
        step = "first look for missing items";
        Instant looked = clock.instant();
        Map<ItemKey, Entry> suspects = nowhere();
        step = "items accepted in the window";
        verify(
                mark -> sources.ledger().accepted(workload, order.from(), order.until(), mark, PAGE),
                row -> row.acceptedAt());
        step = "items committed in the window";
        verify(
                mark -> sources.ledger().committed(workload, order.from(), order.until(), mark, PAGE),
                row -> row.committedAt() == null ? row.acceptedAt() : row.committedAt());
        step = "items that are complete twice";
        found(sources.ledger().duplicates(workload, order.from(), order.until()).stream()
                .map(ReconciliationRun::twice)
                .toList());
        step = "stored rows that nobody accepted";
        found(sources.full()
                .map(full -> full.unaccounted(order.from(), order.until()))
                .orElseGet(() -> sources.audit().unaccounted(order.from(), order.until())));
        step = "orphans";
        sources.full().ifPresent(full -> found(full.orphans(order.from(), order.until())));
        summaries();
        step = "second look for missing items";
        if (!suspects.isEmpty()) {
            Thread.sleep(Math.max(
                    0,
                    missingAfter
                            .minus(Duration.between(looked, clock.instant()))
                            .toMillis()));
            suspects.keySet().retainAll(nowhere().keySet());
            found(suspects.values().stream().map(ReconciliationRun::missing).toList());
        }
        step = "end";
    }

    private Map<ItemKey, Entry> nowhere() {
        Instant young = clock.instant().minus(missingAfter);
        Instant before = order.until().isBefore(young) ? order.until() : young;
        Whereabouts.Look look = sources.whereabouts().look(before);
        boolean blind = look.notKnown().values().stream()
                .anyMatch(entry -> !entry.acceptedAt().isBefore(order.from()));
        if (blind) {
            throw new UnavailableException(String.valueOf(look.whyNotKnown()), missingAfter, null);
        }
        return look.nowhere().entrySet().stream()
                .filter(item -> !item.getValue().acceptedAt().isBefore(order.from()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Reads ahead of those who compare, by a few pages. */
    private void verify(Function<Mark, List<LedgerRow>> pages, Function<LedgerRow, Instant> key)
            throws InterruptedException {
        Deque<Future<List<Divergence>>> compared = new ArrayDeque<>();
        Mark mark = Mark.START;
        List<LedgerRow> page;
        do {
            page = pages.apply(mark);
            if (!page.isEmpty()) {
                List<LedgerRow> rows = page;
                mark = new Mark(key.apply(rows.getLast()), rows.getLast().key().value());
                compared.add(verifiers.submit(() -> compare(rows)));
            }
            while (compared.size() > (page.isEmpty() ? 0 : PAGES_AHEAD)) {
                found(result(compared.remove()));
            }
        } while (!page.isEmpty());
    }

    private List<Divergence> compare(List<LedgerRow> rows) {
        List<Divergence> found =
                sources.audit().verify(rows.stream().map(LedgerRow::accepted).toList());
        synchronized (findings) {
            verified += rows.size();
        }
        return found;
    }

    private static List<Divergence> result(Future<List<Divergence>> compared) throws InterruptedException {
        try {
            return compared.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("comparing a page failed", failed.getCause());
        }
    }

    private void summaries() {
        step = "days of stored rows";
        Set<LocalDate> days = sources.full()
                .map(full -> full.summaryDays(order.from(), order.until()))
                .orElse(Set.of());
        for (LocalDate day : new TreeSet<>(days)) {
            step = "summaries of " + day;
            List<Divergence> wrong = sources.audit().verifySummaries(day);
            found(wrong);
            if (!wrong.isEmpty()) {
                sources.full().ifPresent(full -> repair(full, day));
            }
        }
    }

    private void repair(FullAudit full, LocalDate day) {
        if (order.repair() == Repair.NONE) {
            return;
        }
        step = "repair of " + day;
        if (order.repair() == Repair.APPLY) {
            full.repairSummaries(day, order.id(), order.by());
            return;
        }
        List<SummaryChange> plan = new ArrayList<>(full.planRepair(day));
        sources.repairs().planned(order.id(), order.by(), plan);
    }

    private void found(List<Divergence> found) {
        sources.divergences().record(order.workload(), found);
        synchronized (findings) {
            found.forEach(each -> findings.merge(each.kind(), 1L, Long::sum));
        }
    }

    private static Divergence twice(LedgerWindow.Duplicate item) {
        return Divergence.ofInput(
                Kind.EXTRA, "ledger", "complete once", "complete on " + item.days(), item.key(), null, null);
    }

    private static Divergence missing(Entry entry) {
        return new Divergence(
                FoundBy.RECONCILIATION,
                Kind.MISSING,
                "item",
                "accepted at " + entry.acceptedAt(),
                null,
                entry.key(),
                entry.route(),
                entry.epoch(),
                null,
                null);
    }
}
