package dev.shunt.temporal;

import dev.shunt.core.InFlight;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Reason;
import dev.shunt.core.RegisteredStarter;
import dev.shunt.core.Seldom;
import dev.shunt.core.Stamp;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.temporal.Ceilings.Permit;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts workflows of registered items on threads of its own, so that nobody who reads the queue ever waits for Temporal. No
 * more wait here than have their turn soon, as starts go lately: the others are faster done on legacy.
 */
final class Starter implements RegisteredStarter {

    private static final Logger log = LoggerFactory.getLogger(Starter.class);
    private static final long LOOK_MILLIS = 200;
    private static final long CEILING_PAUSE_MILLIS = 20;

    /** Of the time after which a start is given up: who is not near its turn by then would wait for nothing. */
    private static final int SOON_PART = 5;

    /** Messages can be large: without a bound in bytes a full queue would take all memory. */
    private static final long MOST_BYTES = 64L * 1_024 * 1_024;

    private final TemporalSettings settings;
    private final InFlight inFlight;
    private final Workflows workflows;
    private final Ceilings ceilings;
    private final RouteMetrics metrics;
    private final Clock clock;
    private final Seldom stranded = new Seldom();
    private final Seldom slow = new Seldom();
    private final LinkedBlockingDeque<Waiting> queue;
    private final Pace pace;
    private final ReentrantLock shedding = new ReentrantLock();
    private final Set<Name> queued = ConcurrentHashMap.newKeySet();
    private final AtomicLong bytes = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean open;

    Starter(
            TemporalSettings settings,
            InFlight inFlight,
            Workflows workflows,
            Ceilings ceilings,
            RouteMetrics metrics,
            Clock clock) {
        this.settings = settings;
        this.inFlight = inFlight;
        this.workflows = workflows;
        this.ceilings = ceilings;
        this.metrics = metrics;
        this.clock = clock;
        this.queue = new LinkedBlockingDeque<>(settings.starterQueue());
        this.pace =
                new Pace(settings.starterThreads(), settings.lateStartLimit().dividedBy(SOON_PART));
    }

    private record Name(Workload workload, ItemKey key) {}

    private record Waiting(
            Name name,
            Stamp stamp,
            @SuppressWarnings("ArrayRecordComponent") byte[] stamped,
            Instant since) {}

    @Override
    public boolean offer(Workload workload, Stamp stamp, byte[] message) {
        byte[] stamped = stamp.appendTo(message);
        if (!open || ceilings.exhausted() || !workflows.takes(workload, stamped.length)) {
            return false;
        }
        var name = new Name(workload, stamp.key());
        if (!queued.add(name)) {
            return true;
        }
        long before = bytes.getAndAdd(stamped.length);
        boolean taken = queue.size() < pace.places()
                && (before == 0 || before + stamped.length <= MOST_BYTES)
                && queue.offer(new Waiting(name, stamp, stamped, clock.instant()));
        if (!taken) {
            bytes.addAndGet(-stamped.length);
            queued.remove(name);
        }
        return taken;
    }

    void open() {
        open = true;
        for (int i = 0; i < settings.starterThreads(); i++) {
            threads.add(Thread.ofPlatform()
                    .daemon()
                    .name("shunt-temporal-starter-" + i)
                    .start(this::run));
        }
    }

    /** What still waits stays in the registry: the sweeper of any instance takes care of it. */
    void close() {
        open = false;
        for (Thread thread : threads) {
            try {
                thread.join(settings.startDeadline().toMillis() + LOOK_MILLIS);
            } catch (InterruptedException asked) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void run() {
        while (open) {
            try {
                Waiting next = queue.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                if (next != null) {
                    begin(next);
                    letGoWhoIsFar();
                }
            } catch (InterruptedException asked) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException surprise) {
                log.error("A start failed in an unexpected way; its item stays registered for the sweeper.", surprise);
            }
        }
    }

    private void begin(Waiting next) throws InterruptedException {
        try {
            boolean inTime = !late(next);
            long began = System.nanoTime();
            Optional<Permit> permit = awaitPermit(next);
            if (late(next)) {
                permit.ifPresent(Permit::giveBack);
                Reason reason = permit.isEmpty() ? Reason.CAPPED : Reason.FALLBACK;
                handToLegacy(next, reason, permit.isEmpty() ? "ceiling" : "late");
            } else if (permit.isPresent()) {
                start(next, permit.get());
            }
            if (inTime) {
                pace.took(Duration.ofNanos(System.nanoTime() - began));
            }
        } finally {
            leave(next);
        }
    }

    private void leave(Waiting one) {
        bytes.addAndGet(-one.stamped().length);
        queued.remove(one.name());
    }

    /** When starts have become slower: from the end, so that the oldest is the first that legacy takes. */
    private void letGoWhoIsFar() {
        if (queue.size() <= pace.places() || !shedding.tryLock()) {
            return;
        }
        try {
            int places = pace.places();
            Waiting last = queue.size() > places ? queue.pollLast() : null;
            while (last != null) {
                handToLegacy(last, Reason.CAPPED, "queue");
                leave(last);
                last = queue.size() > places ? queue.pollLast() : null;
            }
        } finally {
            shedding.unlock();
        }
        slow.log(more -> log.warn(
                "Starts on Temporal are too slow for the items that wait for theirs; who is not near goes to legacy as CAPPED"
                        + " ({} more times lately).",
                more));
    }

    private Optional<Permit> awaitPermit(Waiting next) throws InterruptedException {
        String workflowId = WorkflowIds.of(next.name().workload(), next.name().key());
        Optional<Permit> permit = ceilings.enter(workflowId);
        while (permit.isEmpty() && open && !late(next)) {
            TimeUnit.MILLISECONDS.sleep(CEILING_PAUSE_MILLIS);
            permit = ceilings.enter(workflowId);
        }
        return permit;
    }

    private boolean late(Waiting next) {
        return next.since().plus(settings.lateStartLimit()).isBefore(clock.instant());
    }

    private void start(Waiting next, Permit permit) {
        StartOutcome outcome = workflows.start(next.name().workload(), next.stamp(), next.stamped());
        if (!(outcome instanceof StartOutcome.Started)) {
            permit.giveBack();
        }
        if (outcome instanceof StartOutcome.Failed failed) {
            handToLegacy(next, Reason.FALLBACK, failed.cause().name().toLowerCase(Locale.ROOT));
        }
    }

    private void handToLegacy(Waiting next, Reason reason, String cause) {
        try {
            if (inFlight.handToLegacy(next.name().workload(), next.name().key(), reason)) {
                metrics.diverted(next.name().workload(), reason, cause);
            }
        } catch (UnavailableException away) {
            stranded.log(more -> log.warn(
                    "{} and {} more could not be started ({}) nor handed to legacy ({}). They stay registered for the sweeper.",
                    next.name().key(),
                    more,
                    cause,
                    away.getMessage()));
        }
    }
}
