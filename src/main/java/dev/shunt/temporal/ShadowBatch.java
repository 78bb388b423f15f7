package dev.shunt.temporal;

import dev.shunt.core.ShadowRoute.Ended;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * A batch of second runs. A few are under way at the same time, because a burst of starts would be felt by the live work;
 * one that hangs makes room for the next after a moment, and none of the others late.
 *
 * @param atOnce so many are under way
 * @param hold what has not ended for so long is not counted among them
 * @param grace for what began just before the time was over
 */
record ShadowBatch(int atOnce, Duration hold, Duration grace) {

    /**
     * A run under way.
     *
     * @param end how it ended; never completed with an exception
     * @param callOff for one that is late
     */
    record Begun(CompletableFuture<Ended> end, Runnable callOff, long nanos) {

        Begun(CompletableFuture<Ended> end, Runnable callOff) {
            this(end, callOff, System.nanoTime());
        }
    }

    /** Begins all, waits until they have ended or the time is over, and calls off what has not. One end each, in order. */
    <T> List<Ended> run(List<T> runs, Duration within, Function<T, Begun> begin) {
        long until = System.nanoTime() + within.toNanos();
        List<Begun> begun = new ArrayList<>();
        for (T run : runs) {
            awaitRoom(begun, until);
            begun.add(begin.apply(run));
        }
        await(CompletableFuture.allOf(ends(begun)), Math.max(until - System.nanoTime(), grace.toNanos()));
        return begun.stream().map(ShadowBatch::ended).toList();
    }

    private void awaitRoom(List<Begun> begun, long until) {
        while (!Thread.currentThread().isInterrupted()) {
            long now = System.nanoTime();
            List<Begun> counted = begun.stream()
                    .filter(run -> !run.end().isDone() && now - run.nanos() < hold.toNanos())
                    .toList();
            if (counted.size() < atOnce || until - now <= 0) {
                return;
            }
            long oldest =
                    counted.stream().mapToLong(run -> now - run.nanos()).max().orElse(0);
            await(CompletableFuture.anyOf(ends(counted)), Math.min(until - now, hold.toNanos() - oldest));
        }
    }

    private static CompletableFuture<?>[] ends(List<Begun> begun) {
        return begun.stream().map(Begun::end).toArray(CompletableFuture[]::new);
    }

    private static void await(CompletableFuture<?> future, long nanos) {
        try {
            future.get(Math.max(1, nanos), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException over) {
            return; // each is asked how it ended
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private static Ended ended(Begun run) {
        Ended late = Thread.currentThread().isInterrupted()
                ? new Ended.Failed("interrupted: this instance stops")
                : new Ended.Late();
        Ended end = run.end().getNow(late);
        if (end == late) {
            run.callOff().run();
        }
        return end;
    }
}
