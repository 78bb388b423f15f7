package dev.shunt.comparison;

import dev.shunt.core.Workload;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** Sampled items that wait, bounded by their number and by the bytes of their messages. */
final class SampledQueue {

    private final int mostItems;
    private final long mostBytes;
    private final Deque<SampledItem> waiting = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private long bytes;

    SampledQueue(int mostItems, long mostBytes) {
        this.mostItems = mostItems;
        this.mostBytes = mostBytes;
    }

    /** Takes it only while at least half of the room is left. Never waits. */
    boolean offerSpare(SampledItem item) {
        lock.lock();
        try {
            return waiting.size() < (mostItems + 1) / 2 && bytes <= mostBytes / 2 && offer(item);
        } finally {
            lock.unlock();
        }
    }

    /** Never waits for room. */
    boolean offer(SampledItem item) {
        int size = item.delivery().message().length;
        lock.lock();
        try {
            if (waiting.size() >= mostItems || bytes + size > mostBytes) {
                return false;
            }
            waiting.add(item);
            bytes += size;
            filled.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The oldest ones, all alike in workload, route and mode.
     *
     * @param patience how long to wait for the first
     * @param linger how long the first one then waits for company
     * @param wanted those of other workloads stay; asked while nobody can offer, and again when something is offered
     * @return at most {@code most}; empty if nothing came
     */
    List<SampledItem> take(int most, Duration patience, Duration linger, Predicate<Workload> wanted)
            throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (!await(1, patience, wanted)) {
                return List.of();
            }
            await(most, linger, wanted);
            List<SampledItem> batch = new ArrayList<>();
            Iterator<SampledItem> each = waiting.iterator();
            while (batch.size() < most && each.hasNext()) {
                SampledItem next = each.next();
                if (!wanted.test(next.workload())) {
                    continue;
                }
                if (!alike(batch, next)) {
                    break;
                }
                each.remove();
                bytes -= next.delivery().message().length;
                batch.add(next);
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** Everything that waits, when nobody will take it any more. */
    List<SampledItem> drain() {
        lock.lock();
        try {
            List<SampledItem> left = List.copyOf(waiting);
            waiting.clear();
            bytes = 0;
            return left;
        } finally {
            lock.unlock();
        }
    }

    private boolean await(int items, Duration time, Predicate<Workload> wanted) throws InterruptedException {
        long left = time.toNanos();
        while (!has(items, wanted) && left > 0) {
            left = filled.awaitNanos(left);
        }
        return has(items, wanted);
    }

    private boolean has(int items, Predicate<Workload> wanted) {
        return waiting.size() >= items
                && waiting.stream()
                                .filter(item -> wanted.test(item.workload()))
                                .limit(items)
                                .count()
                        == items;
    }

    private static boolean alike(List<SampledItem> batch, SampledItem next) {
        return batch.isEmpty()
                || (batch.getFirst().workload().equals(next.workload())
                        && batch.getFirst().mode() == next.mode()
                        && (batch.getFirst().buried() == null) == (next.buried() == null)
                        && batch.getFirst().delivery().route()
                                == next.delivery().route());
    }

    int size() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }
}
