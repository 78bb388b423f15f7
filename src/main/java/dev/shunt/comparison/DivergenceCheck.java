package dev.shunt.comparison;

import dev.shunt.comparison.CheckerStatus.Role;
import dev.shunt.core.ResultAudit;
import dev.shunt.core.Seldom;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.store.Divergences;
import dev.shunt.store.LedgerChecks;
import dev.shunt.store.SoleRunner;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reconciles one workload again and again, on one instance at a time, and keeps account of its own failures. */
final class DivergenceCheck {

    private static final Logger log = LoggerFactory.getLogger(DivergenceCheck.class);

    private final Workload workload;
    private final LedgerChecks ledger;
    private final SoleRunner sole;
    private final Clock clock;
    private final WorkloadCheck pass;
    private final Counter failures;

    private volatile Role role = Role.IDLE;
    private volatile @Nullable Instant lastCheckedAt;
    private volatile @Nullable String lastFailure;
    private volatile List<LocalDate> unsummed = List.of();
    private final Seldom failing = new Seldom();

    DivergenceCheck(
            Workload workload,
            ResultAudit audit,
            LedgerChecks ledger,
            Divergences divergences,
            SoleRunner sole,
            ComparisonSettings settings,
            Clock clock,
            MeterRegistry meters) {
        this.workload = workload;
        this.ledger = ledger;
        this.sole = sole;
        this.clock = clock;
        this.pass = new WorkloadCheck(
                workload,
                audit,
                ledger,
                divergences,
                settings,
                clock,
                this::failed,
                new ComparisonCounts(meters, workload, ComparisonCounts.By.CHECK));
        this.failures = Counter.builder("shunt.comparison.failures")
                .description("Failures of the comparator itself; while they happen, no divergence means: not known")
                .tag("workload", workload.name())
                .register(meters);
    }

    /**
     * One pass, unless another instance is at it. Never throws: a failure is counted and shown.
     *
     * @return whether this instance made it, without a failure, and the last look at the summaries of today and at those of
     *     yesterday succeeded too, though that may have been in a pass before
     */
    synchronized boolean run() {
        double before = failures.count();
        boolean ran = false;
        try {
            ran = sole.run("comparison:" + workload, pass::run);
            role = ran ? Role.ACTIVE : Role.STANDBY;
            unsummed = ran ? pass.unsummed() : List.of();
        } catch (RuntimeException failure) {
            failed("the pass", failure);
        }
        boolean passed = ran && failures.count() == before && unsummed.isEmpty();
        if (passed) {
            lastCheckedAt = clock.instant();
        }
        return passed;
    }

    /** @throws dev.shunt.core.UnavailableException if the backlog cannot be read */
    CheckerStatus status() {
        return new CheckerStatus(
                role,
                lastCheckedAt,
                (long) failures.count(),
                lastFailure,
                ledger.backlog(workload).items());
    }

    /** What keeps this instance from bringing it to its end, for people; null: nothing that it knows of. */
    @Nullable
    String obstacle() {
        List<LocalDate> days = unsummed;
        if (days.isEmpty()) {
            return lastFailure;
        }
        String summaries = "the summaries of "
                + days.stream().map(LocalDate::toString).collect(Collectors.joining(" and "))
                + " could not be compared with what they sum up";
        return lastFailure == null ? summaries : summaries + "; " + lastFailure;
    }

    private void failed(String step, RuntimeException failure) {
        failures.increment();
        lastFailure = step + ": " + failure.getMessage();
        // of an outage the words are enough, of anything else where it happened
        Object cause = failure instanceof UnavailableException ? String.valueOf(failure.getMessage()) : failure;
        failing.log(more -> log.warn(
                "The check of {} failed at {} ({} more times before); it is counted and tried again, the work itself is unaffected",
                workload,
                step,
                more,
                cause));
    }
}
