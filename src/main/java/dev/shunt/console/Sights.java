package dev.shunt.console;

import dev.shunt.comparison.CohortSeries;
import dev.shunt.comparison.ComparisonReport;
import dev.shunt.comparison.Comparisons;
import dev.shunt.console.Figure.Look;
import dev.shunt.core.InFlight;
import dev.shunt.core.Route;
import dev.shunt.core.RouteGateway;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.rollout.Progress;
import dev.shunt.rollout.ProgressReader;
import dev.shunt.rollout.ProgressReader.Judged;
import dev.shunt.rollout.RollbackProof;
import dev.shunt.rollout.RollbackProofs;
import dev.shunt.rollout.RolloutControl;
import dev.shunt.rollout.Status;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** Looks at everything that the status page shows, at the same time, and waits for none of it longer than 1.5 s. */
@Component
final class Sights implements DisposableBean {

    static final Duration LATELY = Duration.ofMinutes(5);
    static final Duration SIDE_BY_SIDE = Duration.ofHours(1);

    private static final Duration PATIENCE = Duration.ofMillis(1500);

    private record Figures(
            Figure<Status> status,
            Figure<Progress> progress,
            Figure<Optional<Judged>> verdict,
            Figure<CohortSeries> lately,
            Figure<ComparisonReport> lastHour,
            Figure<List<WindowReport.Group>> groups,
            Figure<Optional<RollbackProof>> proof,
            Figure<InFlight.Counts> waiting) {

        List<Figure<?>> all() {
            return List.of(status, progress, verdict, lately, lastHour, groups, proof, waiting);
        }
    }

    private final Clock clock;
    private final List<RouteGateway> gateways;
    private final Map<Workload, Figures> figures;
    private final ExecutorService readers; // each figure has one thread at most

    Sights(
            RolloutControl control,
            ProgressReader progress,
            RollbackProofs proofs,
            Comparisons comparisons,
            ReportMaker reports,
            InFlight inFlight,
            List<RouteGateway> gateways,
            WorkloadCatalog catalog,
            Clock clock) {
        var threads = new AtomicInteger();
        this.readers = Executors.newCachedThreadPool(work -> Thread.ofPlatform()
                .daemon()
                .name("shunt-page-" + threads.incrementAndGet())
                .unstarted(work));
        this.clock = clock;
        this.gateways = List.copyOf(gateways);
        this.figures = catalog.workloads().stream()
                .collect(Collectors.toMap(
                        Function.identity(),
                        workload -> new Figures(
                                figure("the flag", 500, () -> control.status(workload)),
                                figure("the rollout", 1_000, () -> known(progress.progress(workload))),
                                figure("the verdict", 2_000, () -> progress.verdict(workload)),
                                figure("what was routed lately", 2_000, () -> {
                                    Instant now = clock.instant();
                                    return comparisons.series(workload, now.minus(LATELY), now, 2);
                                }),
                                figure("latency", 3_000, () -> {
                                    Instant now = clock.instant();
                                    return comparisons.report(workload, now.minus(SIDE_BY_SIDE), now);
                                }),
                                figure("divergences", 3_000, () -> {
                                    Instant now = clock.instant();
                                    return reports.groups(workload, now.minus(SIDE_BY_SIDE), now);
                                }),
                                figure("the rollback", 500, () -> proofs.last(workload)),
                                figure("what waits", 500, () -> inFlight.counts(workload)))));
    }

    Sight of(Workload workload) {
        Figures all = required(workload);
        all.all().forEach(Figure::begin);
        long end = System.nanoTime() + PATIENCE.toNanos();
        return new Sight(
                workload,
                clock.instant(),
                all.status().look(until(end)),
                all.progress().look(until(end)),
                all.verdict().look(until(end)),
                all.lately().look(until(end)),
                all.lastHour().look(until(end)),
                all.groups().look(until(end)),
                all.proof().look(until(end)),
                all.waiting().look(until(end)),
                gateways.stream()
                        .filter(gateway -> gateway.route() == Route.TEMPORAL)
                        .flatMap(gateway -> gateway.unready(workload).stream())
                        .findFirst());
    }

    Look<Optional<RollbackProof>> proof(Workload workload) {
        Figure<Optional<RollbackProof>> proof = required(workload).proof();
        boolean reading = proof.begin();
        return proof.look(reading ? PATIENCE : Duration.ZERO);
    }

    /** Something was ordered: what was read before is not shown any more as what is. */
    void changed(Workload workload) {
        Figures all = required(workload);
        all.status().outdated();
        all.progress().outdated();
        all.verdict().outdated();
        all.proof().outdated();
    }

    @Override
    public void destroy() {
        readers.shutdownNow();
    }

    private Figures required(Workload workload) {
        Figures known = figures.get(workload);
        if (known == null) {
            throw ApiException.notFound("no such workload");
        }
        return known;
    }

    private <T> Figure<T> figure(String name, long paceMillis, Supplier<T> source) {
        return new Figure<>(name, source, Duration.ofMillis(paceMillis), readers, clock);
    }

    private static Progress known(Optional<Progress> progress) {
        return progress.orElseThrow(() -> new UnavailableException(
                "Postgres is away: how far the rollout has come is not known", Duration.ofSeconds(2), null));
    }

    private static Duration until(long end) {
        return Duration.ofNanos(end - System.nanoTime());
    }
}
