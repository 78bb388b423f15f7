package dev.shunt.temporal;

import dev.shunt.core.InFlight;
import dev.shunt.core.InFlight.Registered;
import dev.shunt.core.ItemKey;
import dev.shunt.core.MessageCodec;
import dev.shunt.core.Reason;
import dev.shunt.core.Route;
import dev.shunt.core.RouteDecider;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.RouteGateway.Description;
import dev.shunt.core.SettledItems;
import dev.shunt.core.Stamp;
import dev.shunt.core.Stamp.Stamped;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after registered items that nobody seems to work on: after a crash, a lost start, a workflow that was ended by
 * hand. Acts on what Temporal knows for sure, never on an error.
 */
final class Sweeper {

    private static final Logger log = LoggerFactory.getLogger(Sweeper.class);
    private static final int PAGE = 1_000;

    /** A workflow that completed leaves at most a price or a summary, which a background pass finishes within a minute. */
    private static final Duration FINISHING = Duration.ofMinutes(3);

    private final InFlight inFlight;
    private final SettledItems settledItems;
    private final RouteDecider decider;
    private final Bindings bindings;
    private final Workflows workflows;
    private final Starter starter;
    private final RouteMetrics metrics;
    private final Clock clock;

    Sweeper(
            InFlight inFlight,
            SettledItems settledItems,
            RouteDecider decider,
            Bindings bindings,
            Workflows workflows,
            Starter starter,
            RouteMetrics metrics,
            Clock clock) {
        this.inFlight = inFlight;
        this.settledItems = settledItems;
        this.decider = decider;
        this.bindings = bindings;
        this.workflows = workflows;
        this.starter = starter;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * Drops what is settled and sees to the rest.
     *
     * @param age how long an entry must have been registered to be looked at
     * @throws dev.shunt.core.UnavailableException if Redis, the ledger or Temporal is away: the rest stays as it is
     */
    void sweep(Workload workload, Duration age) {
        pages(workload, age, () -> {}, entry -> look(workload, entry));
    }

    /** Only drops what is settled, for which Temporal need not be there. */
    void dropSettled(Workload workload, Duration age) {
        pages(workload, age, () -> {}, entry -> {});
    }

    /**
     * The same once in each interval over all instances: who finds that another did it a moment ago does nothing. While
     * Temporal is away from here, only what is settled is dropped, and that keeps nobody else from a whole sweep.
     */
    void sweepInTurn(Workload workload, Duration interval, boolean connected) {
        String chore = connected ? "sweep" : "drop-settled";
        String turn = UUID.randomUUID().toString();
        if (!inFlight.takeTurn(workload, chore, turn, interval)) {
            return;
        }
        boolean whole = false;
        try {
            pages(
                    workload,
                    interval,
                    () -> inFlight.takeTurn(workload, chore, turn, interval),
                    connected ? entry -> look(workload, entry) : entry -> {});
            whole = true;
        } finally {
            if (!whole) {
                giveBack(workload, chore, turn);
            }
        }
    }

    private void giveBack(Workload workload, String chore, String turn) {
        try {
            inFlight.takeTurn(workload, chore, turn, Duration.ZERO);
        } catch (UnavailableException away) {
            log.debug("The turn of {} ends by itself: {}", chore, away.getMessage());
        }
    }

    /** Reads keys only: a message may be large, and few are needed. */
    private void pages(Workload workload, Duration age, Runnable eachPage, Consumer<Registered> unsettled) {
        Instant before = clock.instant().minus(age);
        Optional<Registered> last = Optional.empty();
        List<Registered> page;
        do {
            page = inFlight.registered(workload, before, last, PAGE);
            if (page.isEmpty()) {
                return;
            }
            Set<ItemKey> settled = settledItems.settled(
                    workload, page.stream().collect(Collectors.toMap(Registered::key, Registered::acceptedAt)));
            if (!settled.isEmpty()) {
                inFlight.settle(workload, settled);
                settled.forEach(done -> metrics.swept(workload, "settled"));
            }
            page.stream().filter(entry -> !settled.contains(entry.key())).forEach(unsettled);
            last = Optional.of(page.getLast());
            eachPage.run();
        } while (page.size() == PAGE);
    }

    private void look(Workload workload, Registered entry) {
        Optional<Description> found = workflows.describe(workload, entry.key());
        String status = found.map(Description::status).orElse("NOT_FOUND");
        switch (status) {
            case "RUNNING", "PAUSED", "CONTINUED_AS_NEW", "UNSPECIFIED" -> running(workload, entry);
            case "NOT_FOUND" -> redispatch(workload, entry, status);
            default -> closed(workload, entry, status);
        }
    }

    /** One that runs for long may be waiting for a body that is not there; while it is registered, the message is. */
    private void running(Workload workload, Registered entry) {
        if (olderThan(FINISHING, entry)) {
            inFlight.message(workload, entry.key())
                    .ifPresent(stamped -> workflows.renewBody(workload, entry.key(), stamped));
        }
    }

    /** It may have settled between the look at the ledger and the look at Temporal. */
    private void closed(Workload workload, Registered entry, String status) {
        if (settledItems.isSettled(workload, entry.key(), entry.acceptedAt())) {
            inFlight.settle(workload, List.of(entry.key()));
            metrics.swept(workload, "settled");
        } else if (!status.equals("COMPLETED")) {
            redispatch(workload, entry, status);
        } else if (olderThan(FINISHING, entry)) {
            // The server refuses another run of a completed workflow, so only the legacy route can finish this one.
            handToLegacy(workload, entry, Reason.FALLBACK, status);
        }
    }

    private void redispatch(Workload workload, Registered entry, String status) {
        Optional<byte[]> stamped = inFlight.message(workload, entry.key());
        if (stamped.isEmpty()) {
            return; // settled, or moved to legacy, since the page was read
        }
        Stamped taken = Stamp.split(stamped.get());
        RouteDecision now = decider.decide(workload, routingKey(workload, entry.key(), taken.message()));
        if (now.executed() == Route.TEMPORAL && taken.stamp().isPresent()) {
            if (starter.offer(workload, taken.stamp().get(), taken.message())) {
                log.info("{} was registered but its workflow is {}; it is started again.", entry.key(), status);
                metrics.swept(workload, "started_again");
            }
        } else if (now.reason() != Reason.LEASE) { // a flag that cannot be read is an error, not an answer
            handToLegacy(workload, entry, now.reason() == Reason.FLAG ? Reason.RECALL : now.reason(), status);
        }
    }

    private void handToLegacy(Workload workload, Registered entry, Reason reason, String status) {
        if (inFlight.handToLegacy(workload, entry.key(), reason)) {
            log.info("{} was registered but its workflow is {}; it goes to legacy: {}.", entry.key(), status, reason);
            metrics.swept(workload, "legacy");
            metrics.diverted(workload, reason, "swept");
        }
    }

    private boolean olderThan(Duration age, Registered entry) {
        return entry.acceptedAt().isBefore(clock.instant().minus(age));
    }

    private String routingKey(Workload workload, ItemKey key, byte[] message) {
        MessageCodec codec = bindings.of(workload).definition().messages();
        return codec.read(message, clock.instant()) instanceof MessageCodec.Reading.Read read
                ? read.item().routingKey()
                : key.subjectKey();
    }
}
