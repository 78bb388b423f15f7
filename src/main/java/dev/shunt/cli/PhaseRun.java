package dev.shunt.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Sends one phase at a steady rate: HTTP over several connections, list messages in between, some of both twice. Some traces
 * come in two requests, and some trace ids in a second project too.
 */
final class PhaseRun {

    private static final int CONNECTIONS = 4;
    private static final int ONE_IN = 50; // is sent twice
    private static final int SECOND_ONE_IN = 25; // comes in two requests
    private static final int TWIN_ONE_IN = 25; // has its id in another project too

    private final Recordings recordings;
    private final Sender sender;
    private final Book book;
    private final RandomGenerator random;
    private final int perSecond;
    private final ProgressBar progress;

    PhaseRun(
            Recordings recordings,
            Sender sender,
            Book book,
            RandomGenerator random,
            int perSecond,
            ProgressBar progress) {
        this.recordings = recordings;
        this.sender = sender;
        this.book = book;
        this.random = random;
        this.perSecond = perSecond;
        this.progress = progress;
    }

    /**
     * Sends the phase's traces and waits for every answer.
     *
     * @param midway started when half is sent, while the other half goes on
     */
    void send(Phase phase, int traces, @Nullable Callable<?> midway) throws InterruptedException {
        ExecutorService connections = Executors.newFixedThreadPool(CONNECTIONS);
        ExecutorService aside = Executors.newSingleThreadExecutor();
        try {
            Future<?> event = null;
            List<Future<?>> posts = new ArrayList<>();
            long start = System.nanoTime();
            DemoTrace last = null;
            for (int i = 0; i < traces; i++) {
                if (midway != null && i == traces / 2) {
                    event = aside.submit(midway);
                }
                awaitTurn(start, i);
                DemoTrace.Way way = i % 2 == 0 ? DemoTrace.Way.HTTP : DemoTrace.Way.LIST;
                DemoTrace trace = last != null && i % SECOND_ONE_IN == SECOND_ONE_IN - 1
                        ? recordings.again(last, Instant.now())
                        : recordings.next(phase, way, Instant.now());
                sendOne(connections, posts, trace);
                if (i % TWIN_ONE_IN == TWIN_ONE_IN / 2) {
                    posts.add(connections.submit(() -> sender.twin(trace)));
                }
                last = trace;
                progress.step(phase.name());
            }
            finish(connections, posts, event);
        } finally {
            connections.shutdownNow();
            aside.shutdownNow();
        }
    }

    private void sendOne(ExecutorService connections, List<Future<?>> posts, DemoTrace trace)
            throws InterruptedException {
        book.sending(trace);
        int times = random.nextInt(ONE_IN) == 0 ? 2 : 1;
        for (int time = 0; time < times; time++) {
            if (trace.way() == DemoTrace.Way.LIST) {
                sender.push(trace);
            } else {
                posts.add(connections.submit(() -> {
                    sender.post(trace);
                    return trace;
                }));
            }
        }
    }

    private void awaitTurn(long start, int number) throws InterruptedException {
        long due = start + number * (TimeUnit.SECONDS.toNanos(1) / perSecond);
        long left = due - System.nanoTime();
        if (left > 0) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
    }

    private static void finish(ExecutorService connections, List<Future<?>> posts, @Nullable Future<?> event)
            throws InterruptedException {
        connections.shutdown();
        if (!connections.awaitTermination(5, TimeUnit.MINUTES)) {
            throw new DemoFailure("Some requests were not answered within 5 minutes");
        }
        for (Future<?> post : posts) {
            finish(post, "A request could not be sent");
        }
        if (event != null) {
            finish(event, "What was to happen in the middle of a phase failed");
        }
    }

    private static void finish(Future<?> task, String failure) throws InterruptedException {
        try {
            task.get();
        } catch (ExecutionException e) {
            throw new DemoFailure(failure, e);
        }
    }
}
