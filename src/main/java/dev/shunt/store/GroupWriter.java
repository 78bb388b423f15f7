package dev.shunt.store;

import dev.shunt.core.CommitListener;
import dev.shunt.core.ItemHandler.Outcome;
import dev.shunt.core.Seldom;
import dev.shunt.core.UnavailableException;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One lane into the store: one connection, one bounded queue. {@link #write} commits a group that the caller has
 * already; {@link #submit} lets single items of many callers share a commit.
 *
 * @param <T> the workload's decoded form
 */
public final class GroupWriter<T> implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(GroupWriter.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final String lane;
    private final StoreSettings settings;
    private final LaneConnection connection;
    private final GroupTransaction<T> transaction;
    private final ReentrantLock turn = new ReentrantLock(true);
    private final BlockingQueue<Waiting<T>> queue;
    private final DistributionSummary groupSizes;
    private final List<CommitListener> listeners;
    private final Seldom deaf = new Seldom();
    private final Thread committer;
    private volatile boolean closed;

    /** One submitted item. */
    private record Waiting<T>(Work<T> work, long since, CompletableFuture<Outcome> outcome) {}

    GroupWriter(
            String lane,
            LaneConnection connection,
            GroupStatement<T> statement,
            StoreSettings settings,
            MeterRegistry meters,
            List<CommitListener> listeners) {
        this.lane = lane;
        this.settings = settings;
        this.connection = connection;
        this.listeners = listeners;
        this.transaction =
                new GroupTransaction<>(connection, statement, meters.counter("shunt.store.contentions", "lane", lane));
        this.queue = new ArrayBlockingQueue<>(settings.queue());
        this.groupSizes = meters.summary("shunt.store.group.size", "lane", lane);
        meters.gauge("shunt.store.queue", List.of(Tag.of("lane", lane)), queue, BlockingQueue::size);
        this.committer = Thread.ofPlatform().name("shunt-lane-" + lane).daemon().start(this::commitLoop);
    }

    /**
     * Commits one group in the caller's thread.
     *
     * @return one outcome for each work, in order
     * @throws UnavailableException on a transient fault: write the same group again later
     */
    public List<Outcome> write(List<Work<T>> group) {
        if (group.isEmpty()) {
            return List.of();
        }
        List<Outcome> outcomes;
        long begun;
        awaitTurn();
        try {
            groupSizes.record(group.size());
            begun = System.nanoTime();
            outcomes = transaction.write(group);
        } finally {
            turn.unlock();
        }
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        listeners.forEach(listener -> tell(listener, group, outcomes, took));
        return outcomes;
    }

    /** It is committed: whatever a listener does, the caller must learn that. */
    private void tell(CommitListener listener, List<Work<T>> group, List<Outcome> outcomes, Duration took) {
        try {
            for (int i = 0; i < outcomes.size(); i++) {
                listener.written(group.get(i).delivery(), outcomes.get(i), group.size(), took);
                if (outcomes.get(i) instanceof Outcome.Stored stored) {
                    listener.stored(group.get(i).delivery(), stored.pending());
                }
            }
        } catch (RuntimeException fault) {
            deaf.log(more ->
                    log.error("A listener of lane {} failed ({} more times); the work goes on", lane, more, fault));
        }
    }

    /**
     * Commits one item together with those that others submit at the same time.
     *
     * @param timeout how long the caller waits; longer than {@code shunt.store.patience}
     * @throws UnavailableException on a transient fault, a full queue or a wait that was too long
     */
    public Outcome submit(Work<T> work, Duration timeout) {
        var waiting = new Waiting<T>(work, System.nanoTime(), new CompletableFuture<>());
        if (closed || !queue.offer(waiting)) {
            throw busy("queue of lane " + lane + (closed ? " is closed" : " is full"), null);
        }
        try {
            return waiting.outcome().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw busy("no commit on lane " + lane + " within " + timeout, late);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw busy("lane " + lane + " was interrupted", stopping);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (failed.getCause() instanceof Error broken) {
                throw broken;
            }
            throw new CompletionException(failed.getCause());
        }
    }

    private void commitLoop() {
        while (!closed) {
            try {
                commit(nextGroup());
            } catch (InterruptedException stopping) {
                closed = true;
            }
        }
        for (Waiting<T> left = queue.poll(); left != null; left = queue.poll()) {
            left.outcome().completeExceptionally(busy("lane " + lane + " is closing", null));
        }
    }

    private List<Waiting<T>> nextGroup() throws InterruptedException {
        List<Waiting<T>> group = new ArrayList<>();
        group.add(queue.take());
        long lingerUntil = System.nanoTime() + settings.linger().toNanos();
        while (group.size() < settings.smallGroup()) {
            Waiting<T> more = queue.poll(lingerUntil - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (more == null) {
                break;
            }
            group.add(more);
        }
        queue.drainTo(group, settings.largeGroup() - group.size());
        return group;
    }

    private void commit(List<Waiting<T>> taken) {
        List<Waiting<T>> group = new ArrayList<>(taken.size());
        for (Waiting<T> waiting : taken) {
            if (System.nanoTime() - waiting.since() > settings.patience().toNanos()) {
                waiting.outcome().completeExceptionally(busy("waited too long on lane " + lane, null));
            } else {
                group.add(waiting);
            }
        }
        complete(group);
    }

    /** A fault that is not the database's belongs to one item: the others of its group must not answer for it. */
    private void complete(List<Waiting<T>> group) {
        try {
            List<Outcome> outcomes = write(group.stream().map(Waiting::work).toList());
            for (int i = 0; i < group.size(); i++) {
                group.get(i).outcome().complete(outcomes.get(i));
            }
        } catch (RuntimeException | Error fault) { // an Error must not end the lane: nobody would start it again
            if (group.size() == 1 || fault instanceof UnavailableException) {
                group.forEach(waiting -> waiting.outcome().completeExceptionally(fault));
                return;
            }
            int half = group.size() / 2;
            complete(group.subList(0, half));
            complete(group.subList(half, group.size()));
        }
    }

    /** Behind a database that does not answer, callers are told after a while, so that they can show that they wait. */
    private void awaitTurn() {
        try {
            if (!turn.tryLock(settings.patience().toNanos(), TimeUnit.NANOSECONDS)) {
                throw busy("lane " + lane + " was not free within " + settings.patience(), null);
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw busy("lane " + lane + " was interrupted", stopping);
        }
    }

    private static UnavailableException busy(String why, @Nullable Throwable cause) {
        return new UnavailableException("Store: " + why, RETRY_AFTER, cause);
    }

    /** Fails what waits and closes the connection; a group that is being written is finished first. */
    @Override
    public void close() {
        closed = true;
        turn.lock();
        try {
            committer.interrupt();
            connection.close();
        } finally {
            turn.unlock();
        }
    }
}
