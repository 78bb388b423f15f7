package dev.shunt.cli.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.cli.DemoTrace;
import dev.shunt.cli.Phase;
import dev.shunt.cli.Recordings;
import dev.shunt.cli.RedisList;
import dev.shunt.cli.Shunt;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Patient producers: each sends one thing after the other, the same bytes again until they are taken. */
final class Load implements AutoCloseable {

    private static final int HTTP_PRODUCERS = 5;
    private static final long PAUSE_MILLIS = 100; // between two traces of one producer
    private static final long RETRY_MILLIS = 250;
    private static final long LEAST_AFTER_NANOS = 3_000_000_000L;
    private static final long MOST_AFTER_NANOS = 20_000_000_000L;
    private static final int LARGEST_BURST = 12;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String QUEUE = "cognobserve:traces";
    private static final Phase PHASE = new Phase("chaos", 50, false);

    private final List<Shunt> doors;
    private final URI redis;
    private final String project;
    private final ChaosBook book;
    private final boolean fragments;
    private final boolean poison;
    private final long seed;
    private final List<Thread> producers = new ArrayList<>();
    private volatile boolean enough;
    private volatile long giveUpAt = Long.MAX_VALUE;

    Load(List<Shunt> doors, URI redis, String project, ChaosBook book, Fault fault, long seed) {
        this(doors, redis, project, book, fault == Fault.DUPLICATES, fault == Fault.POISON, seed);
    }

    private Load(
            List<Shunt> doors,
            URI redis,
            String project,
            ChaosBook book,
            boolean fragments,
            boolean poison,
            long seed) {
        this.doors = List.copyOf(doors);
        this.redis = redis;
        this.project = project;
        this.book = book;
        this.fragments = fragments;
        this.poison = poison;
        this.seed = seed;
    }

    /** Traces as they are, a few of them sent twice. */
    static Load plain(List<Shunt> doors, URI redis, String project, ChaosBook book, long seed) {
        return new Load(doors, redis, project, book, false, false, seed);
    }

    void start() {
        for (int i = 0; i < HTTP_PRODUCERS; i++) {
            int number = i;
            producers.add(Thread.ofPlatform().daemon().name("http-" + i).start(() -> post(number)));
        }
        producers.add(Thread.ofPlatform().daemon().name("list").start(this::push));
    }

    /** Lets the load run on, at least some seconds, until so many more items are taken, and for 20 s at most. */
    void goOn(int items) throws InterruptedException {
        long now = System.nanoTime();
        int wanted = book.acceptedItems() + items;
        while (System.nanoTime() - now < LEAST_AFTER_NANOS
                || (book.acceptedItems() < wanted && System.nanoTime() - now < MOST_AFTER_NANOS)) {
            Thread.sleep(100);
        }
    }

    /** No new traces; returns when each begun one is taken, or after three minutes. */
    void finish() throws InterruptedException {
        giveUpAt = System.nanoTime() + PATIENCE.toNanos();
        enough = true;
        for (Thread producer : producers) {
            producer.join();
        }
    }

    @Override
    public void close() {
        enough = true;
        producers.forEach(Thread::interrupt);
    }

    private void post(int number) {
        var random = new SplittableRandom(seed * 31 + number);
        Recordings recordings = Recordings.published(seed * 31 + number);
        try {
            while (!enough) {
                for (DemoTrace item : items(recordings.next(PHASE, DemoTrace.Way.HTTP, Instant.now()), random)) {
                    for (int times = times(random); times > 0; times--) {
                        post(item, random);
                    }
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private void post(DemoTrace item, SplittableRandom random) throws InterruptedException {
        while (System.nanoTime() < giveUpAt) {
            try {
                HttpResponse<byte[]> answer =
                        doors.get(random.nextInt(doors.size())).post(project, item.httpBody());
                if (answer.statusCode() == 202) {
                    book.accepted(item);
                    return;
                }
                if (answer.statusCode() < 500) {
                    book.complain(item.id() + " was refused with " + answer.statusCode() + ": "
                            + new String(answer.body(), UTF_8).strip());
                    return;
                }
            } catch (IOException unanswered) {
                // It may or may not be taken; the same bytes again are safe.
            }
            TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
        }
    }

    private void push() {
        var random = new SplittableRandom(seed * 31 - 1);
        Recordings recordings = Recordings.published(seed * 31 - 1);
        try (var list = new Reconnecting(redis)) {
            while (!enough) {
                // Without bursts the list is never long enough for a batch.
                int burst = random.nextInt(5) == 0 ? random.nextInt(2, LARGEST_BURST) : 1;
                List<DemoTrace> items = new ArrayList<>();
                for (int i = 0; i < burst; i++) {
                    items.addAll(items(recordings.next(PHASE, DemoTrace.Way.LIST, Instant.now()), random));
                }
                for (int times = times(random); times > 0; times--) {
                    push(list, items);
                }
                if (poison && random.nextInt(3) == 0) {
                    byte[] message = Poison.next(project, random);
                    book.poisoned(message);
                    push(list, new byte[][] {message});
                }
                Thread.sleep(PAUSE_MILLIS / 2);
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private void push(Reconnecting list, List<DemoTrace> items) throws InterruptedException {
        byte[][] messages =
                items.stream().map(item -> item.queueMessage(project)).toArray(byte[][]::new);
        if (push(list, messages)) {
            items.forEach(book::accepted);
        }
    }

    private boolean push(Reconnecting list, byte[][] messages) throws InterruptedException {
        while (System.nanoTime() < giveUpAt) {
            try {
                list.open().push(QUEUE, messages);
                return true;
            } catch (IOException unanswered) {
                list.close();
                TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
            }
        }
        return false;
    }

    private List<DemoTrace> items(DemoTrace whole, SplittableRandom random) {
        List<DemoTrace> items = fragments && random.nextInt(3) == 0 ? halves(whole) : List.of(whole);
        items.forEach(book::sending);
        return items;
    }

    private int times(SplittableRandom random) {
        return fragments ? 1 + random.nextInt(3) : random.nextInt(20) == 0 ? 2 : 1;
    }

    /** Two items of one trace, one span of which is in both. */
    private static List<DemoTrace> halves(DemoTrace whole) {
        int spans = whole.request().path("spans").size();
        if (spans < 2) {
            return List.of(whole);
        }
        return List.of(part(whole, 0, spans / 2 + 1), part(whole, spans / 2, spans));
    }

    private static DemoTrace part(DemoTrace whole, int from, int to) {
        ObjectNode request = whole.request().deepCopy();
        ArrayNode spans = request.putArray("spans");
        for (int i = from; i < to; i++) {
            spans.add(whole.request().path("spans").path(i));
        }
        return new DemoTrace(whole.phase(), whole.way(), whole.id(), request, whole.receivedAt());
    }

    /** A connection that is made anew after it broke. */
    private static final class Reconnecting implements AutoCloseable {

        private final URI address;
        private @Nullable RedisList list;

        Reconnecting(URI address) {
            this.address = address;
        }

        RedisList open() throws IOException {
            RedisList open = list;
            if (open == null) {
                open = new RedisList(address);
                list = open;
            }
            return open;
        }

        @Override
        public void close() {
            RedisList broken = list;
            list = null;
            if (broken != null) {
                try {
                    broken.close();
                } catch (IOException alreadyGone) {
                    // Closing was all that was wanted of it.
                }
            }
        }
    }
}
