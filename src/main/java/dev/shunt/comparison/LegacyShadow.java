package dev.shunt.comparison;

import dev.shunt.core.Delivery;
import dev.shunt.core.ItemHandler;
import dev.shunt.core.ItemHandler.Outcome;
import dev.shunt.core.Route;
import dev.shunt.core.ShadowRoute;
import dev.shunt.core.ShadowWorkload;
import dev.shunt.core.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs a batch as the consumer of the legacy list would: one group, transient faults tried again, in few threads. */
final class LegacyShadow implements ShadowRoute, AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(500);

    private final ThreadPoolExecutor threads;

    /** @param most threads; runs that hang hold one each until they end */
    LegacyShadow(int most) {
        this.threads = new ThreadPoolExecutor(
                0,
                most,
                30,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Thread.ofPlatform().daemon().name("shunt-shadow-legacy-", 0).factory());
    }

    @Override
    public Route route() {
        return Route.LEGACY;
    }

    @Override
    public Optional<String> unready() {
        return Optional.empty();
    }

    @Override
    public List<Ended> run(ShadowWorkload workload, List<Run> runs, Duration within) {
        List<Delivery> group = runs.stream()
                .map(run -> Delivery.onLegacy(workload.workload(), run.stamp(), run.message()))
                .toList();
        long deadline = System.nanoTime() + within.toNanos();
        Future<List<Ended>> running;
        try {
            running = threads.submit(() -> untilDone(workload.handler(), group, deadline));
        } catch (RejectedExecutionException busy) {
            return Collections.nCopies(runs.size(), new Ended.Failed("earlier shadow runs have not ended"));
        }
        try {
            return running.get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            running.cancel(true);
            return Collections.nCopies(runs.size(), new Ended.Late());
        } catch (InterruptedException stopping) {
            running.cancel(true);
            Thread.currentThread().interrupt();
            return Collections.nCopies(runs.size(), new Ended.Failed("stopping"));
        } catch (ExecutionException fault) {
            return Collections.nCopies(runs.size(), new Ended.Failed(String.valueOf(fault.getCause())));
        }
    }

    private static List<Ended> untilDone(ItemHandler handler, List<Delivery> group, long deadline)
            throws InterruptedException {
        while (true) {
            try {
                return handler.handle(group).stream().map(LegacyShadow::ended).toList();
            } catch (UnavailableException away) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return Collections.nCopies(group.size(), new Ended.Late());
                }
                TimeUnit.NANOSECONDS.sleep(Math.min(left, PAUSE.toNanos()));
            } catch (RuntimeException fault) {
                if (group.size() == 1) {
                    return List.of(new Ended.Rejected("failed with " + fault));
                }
                List<Ended> ends = new ArrayList<>(); // one bad item never fails its group
                for (Delivery delivery : group) {
                    ends.addAll(untilDone(handler, List.of(delivery), deadline));
                }
                return ends;
            }
        }
    }

    private static Ended ended(Outcome outcome) {
        return outcome instanceof Outcome.Rejected rejected ? new Ended.Rejected(rejected.reason()) : new Ended.Done();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
