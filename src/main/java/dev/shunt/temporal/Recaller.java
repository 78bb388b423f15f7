package dev.shunt.temporal;

import dev.shunt.core.InFlight;
import dev.shunt.core.InFlight.Census;
import dev.shunt.core.InFlight.Entry;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Reason;
import dev.shunt.core.Recall;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** See {@link Recall}. Redis alone decides; workflows that are cancelled late find their work done. */
final class Recaller implements Recall {

    private static final Logger log = LoggerFactory.getLogger(Recaller.class);
    private static final int CANCELS_WAITING = 10_000;

    private final InFlight inFlight;
    private final Workflows workflows;
    private final RouteMetrics metrics;
    private final ThreadPoolExecutor cancels = new ThreadPoolExecutor(
            2,
            2,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(CANCELS_WAITING),
            task -> Thread.ofPlatform().daemon().name("shunt-temporal-cancel").unstarted(task));

    Recaller(InFlight inFlight, Workflows workflows, RouteMetrics metrics) {
        this.inFlight = inFlight;
        this.workflows = workflows;
        this.metrics = metrics;
        cancels.allowCoreThreadTimeOut(true);
    }

    @Override
    public int recall(Workload workload, Runnable each) {
        Census census = inFlight.census(workload);
        int moved = 0;
        for (ItemKey key : newestFirst(census)) {
            if (inFlight.handToLegacy(workload, key, Reason.RECALL)) {
                moved++;
                each.run();
                metrics.diverted(workload, Reason.RECALL, "recall");
                cancelWhenPossible(workload, key);
            }
        }
        log.info(
                "Recalled {} of {} registered items of {} to the legacy route.",
                moved,
                census.registry().size(),
                workload);
        return moved;
    }

    /** Each one is put where it is the next to be consumed, so the oldest must be the last to go. */
    private static List<ItemKey> newestFirst(Census census) {
        Comparator<ItemKey> byAge = Comparator.comparing(key -> {
            Entry entry = census.book().get(key);
            return entry == null ? Instant.EPOCH : entry.acceptedAt();
        });
        return census.registry().stream().sorted(byAge.reversed()).toList();
    }

    private void cancelWhenPossible(Workload workload, ItemKey key) {
        try {
            cancels.execute(() -> cancel(workload, key));
        } catch (RejectedExecutionException full) {
            log.debug("Workflow of {} is not cancelled; it will find its work done.", key, full);
        }
    }

    private void cancel(Workload workload, ItemKey key) {
        try {
            workflows.cancel(workload, key, "recalled to the legacy route");
        } catch (UnavailableException away) {
            log.debug("Workflow of {} is not cancelled; it will find its work done.", key, away);
        }
    }

    void close() {
        cancels.shutdownNow();
    }
}
