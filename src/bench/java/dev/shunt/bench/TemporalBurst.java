package dev.shunt.bench;

import dev.shunt.core.Route;
import dev.shunt.core.WorkerSwitch;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Many workflows open at once: started while no worker polls, then let go. */
final class TemporalBurst {

    private static final double PATIENCE = 1.5;
    private static final int METRICS_SECONDS = 12; // the SDK reports every 10 s
    private static final List<String> FAILURES = List.of(
            "temporal_workflow_task_execution_failed",
            "temporal_workflow_task_no_completion",
            "temporal_local_activity_execution_failed",
            "temporal_activity_execution_failed");

    private TemporalBurst() {}

    /** @param perSecond what this application did in the rounds before */
    static List<String> run(App app, double perSecond) throws Exception {
        int count = Bench.size("burst", 1_000);
        WorkerSwitch workers = app.context.getBeansOfType(WorkerSwitch.class).values().stream()
                .filter(one -> one.route() == Route.TEMPORAL)
                .findFirst()
                .orElseThrow();
        long stored = StoredOnce.traces(app);
        double failuresBefore = failures(app);
        var load = new TemporalLoad(app, "burst", count);
        workers.pause(App.TRACE);
        double starting = load.all();
        long open = app.inFlight();
        long resumed = System.nanoTime();
        long resumedMillis = System.currentTimeMillis();
        workers.resume(App.TRACE);
        load.awaitDone(180);
        double seconds = (System.nanoTime() - resumed) / 1e9;
        List<Double> waits = app.sql()
                .sql("select greatest(extract(epoch from committed_at) * 1000 - ?, 0)::float8 from ledger"
                        + " where item_key like '%burst-%'")
                .param(resumedMillis)
                .query(Double.class)
                .list();
        LockSupport.parkNanos(METRICS_SECONDS * 1_000_000_000L);
        double failed = failures(app) - failuresBefore;
        double p99 = new Rounds(waits).percentile(99) / 1e3;
        double wanted = PATIENCE * count / perSecond;

        List<String> faults = new ArrayList<>(StoredOnce.faults(app, Messages.SPANS, stored + count));
        if (waits.size() != count || load.elsewhere() > 0) {
            faults.add(waits.size() + " of " + count + " in the ledger, " + load.elsewhere() + " not on Temporal");
        }
        if (failed > 0) {
            faults.add(failed + " tasks failed");
        }
        new Report(
                        "3b-temporal-open",
                        "3b. Temporal route: " + count + " workflows open at once",
                        Servers.environmentWithRedis(),
                        "started",
                        "starts/s",
                        "open when let go",
                        "complete",
                        "lost",
                        "twice",
                        "failed tasks",
                        "items/s from there",
                        "p50, s",
                        "p99, s",
                        "p99 wanted, s")
                .row(
                        Integer.toString(count),
                        Rounds.number(count / starting),
                        Long.toString(open),
                        Integer.toString(waits.size()),
                        Integer.toString(count - waits.size()),
                        Integer.toString(faults.size()),
                        Rounds.number(failed),
                        Rounds.number(open / seconds),
                        Rounds.number(new Rounds(waits).median() / 1e3),
                        Rounds.number(p99),
                        Rounds.number(wanted))
                .values("ms", waits)
                .note(
                        "Started while the worker polls for nothing, then let go; an item's wait is from that moment to the"
                                + " commit of its ledger row. Wanted: 1.5 times " + count + " items at the "
                                + Rounds.number(perSecond)
                                + " items/s of 3. Failed tasks: workflow tasks and activities, from the SDK's metrics.")
                .publish();
        return faults;
    }

    private static double failures(App app) {
        MeterRegistry meters = app.context.getBean(MeterRegistry.class);
        return FAILURES.stream()
                .flatMap(name -> meters.find(name).counters().stream())
                .mapToDouble(Counter::count)
                .sum();
    }
}
