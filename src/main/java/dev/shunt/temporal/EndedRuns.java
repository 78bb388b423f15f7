package dev.shunt.temporal;

import com.google.protobuf.ByteString;
import dev.shunt.core.Claim;
import dev.shunt.core.ClaimedBodies;
import dev.shunt.core.InFlight;
import dev.shunt.core.Item;
import dev.shunt.core.ItemKey;
import dev.shunt.core.MessageCodec;
import dev.shunt.core.Reason;
import dev.shunt.core.RetiredWorkloads;
import dev.shunt.core.Route;
import dev.shunt.core.RouteDecider;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.RouteGateway.Description;
import dev.shunt.core.Seldom;
import dev.shunt.core.SettledItems;
import dev.shunt.core.Stamp;
import dev.shunt.core.Stamp.Stamped;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.temporal.Ceilings.Permit;
import dev.shunt.temporal.EndedRunsReader.Page;
import dev.shunt.temporal.EndedRunsReader.Run;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after items that nothing but their workflow holds: of a run that was terminated, cancelled or timed out with its
 * item undone, the message is read from its history and dispatched again. What the {@link Sweeper} is for registered
 * items. The server takes a second start of an item for a duplicate, so any number of instances may look.
 */
final class EndedRuns {

    private static final Logger log = LoggerFactory.getLogger(EndedRuns.class);
    private static final String CHORE = "ended-runs";
    private static final Duration EVERY = Duration.ofMinutes(1);

    /** For what the server lists late, and for a clock of its own. */
    private static final Duration OVERLAP = Duration.ofMinutes(10);

    /** In one look, which holds up the sweep of the registry; the next one goes on. */
    private static final int MOST = 500;

    private final RetiredWorkloads retired;
    private final InFlight inFlight;
    private final SettledItems settledItems;
    private final RouteDecider decider;
    private final Bindings bindings;
    private final Workflows workflows;
    private final EndedRunsReader reader;
    private final ClaimedBodies bodies;
    private final Ceilings ceilings;
    private final RouteMetrics metrics;
    private final Clock clock;
    private final String turn = UUID.randomUUID().toString();
    private final Map<Workload, Instant> due = new HashMap<>(); // of the sweeping thread, as is the next one
    private final Map<Workload, Instant> seen = new HashMap<>();
    private final Seldom unseen = new Seldom();

    EndedRuns(
            RetiredWorkloads retired,
            InFlight inFlight,
            SettledItems settledItems,
            RouteDecider decider,
            Bindings bindings,
            Workflows workflows,
            EndedRunsReader reader,
            ClaimedBodies bodies,
            Ceilings ceilings,
            RouteMetrics metrics,
            Clock clock) {
        this.retired = retired;
        this.inFlight = inFlight;
        this.settledItems = settledItems;
        this.decider = decider;
        this.bindings = bindings;
        this.workflows = workflows;
        this.reader = reader;
        this.bodies = bodies;
        this.ceilings = ceilings;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Looks once a minute, unless another instance does. Never throws: what it could not see to is seen to later. */
    void lookInTurn(Workload workload) {
        Instant now = clock.instant();
        Instant next = due.get(workload);
        if (next != null && now.isBefore(next)) {
            return;
        }
        due.put(workload, now.plus(EVERY));
        try {
            if (inFlight.takeTurn(workload, CHORE, turn, EVERY) && !look(workload)) {
                due.remove(workload);
            }
        } catch (UnavailableException away) {
            unseen.log(more -> log.warn(
                    "Workflows of {} that were ended by hand are not seen to: {}. Looked again in a minute ({} more times lately).",
                    workload,
                    away.getMessage(),
                    more));
        } catch (RuntimeException surprise) {
            log.error("Workflows of {} that were ended by hand are not seen to; looked again.", workload, surprise);
        }
    }

    /**
     * Looks at what has ended since the last whole look; the first time, at all that the server still knows.
     *
     * @return false if there is more to do at once
     * @throws UnavailableException if Redis, the ledger or Temporal is away
     */
    boolean look(Workload workload) {
        Instant begun = clock.instant();
        boolean all = retired.isRetired(workload); // runs of versions before this one carry no mark
        boolean whole = true;
        int again = 0;
        ByteString from = ByteString.EMPTY;
        do {
            Optional<Page> page = reader.page(bindings.of(workload), Optional.ofNullable(seen.get(workload)), from);
            if (page.isEmpty()) {
                return true;
            }
            Map<ItemKey, Run> undone = undone(workload, page.get(), all);
            for (var one : undone.entrySet()) {
                Seen outcome = seeTo(workload, one.getKey(), one.getValue());
                whole &= outcome != Seen.LEFT;
                again += outcome == Seen.AGAIN ? 1 : 0;
            }
            from = page.get().next();
        } while (!from.isEmpty() && again < MOST);
        if (whole && from.isEmpty()) {
            seen.put(workload, begun.minus(OVERLAP));
        }
        return from.isEmpty();
    }

    private enum Seen {
        NOTHING_TO_DO,
        AGAIN,
        /** Something stands in its way now. */
        LEFT
    }

    private Map<ItemKey, Run> undone(Workload workload, Page page, boolean all) {
        Map<ItemKey, Run> undone = new LinkedHashMap<>();
        for (Run run : page.runs()) {
            if (all || run.alone()) {
                key(workload, run).ifPresent(key -> undone.putIfAbsent(key, run));
            }
        }
        undone.keySet().removeAll(settledItems.settled(workload, List.copyOf(undone.keySet())));
        return undone;
    }

    private Optional<ItemKey> key(Workload workload, Run run) {
        return WorkflowIds.key(workload, run.workflowId())
                .or(() -> reader.argument(run)
                        .flatMap(argument -> Stamp.split(argument).stamp())
                        .map(Stamp::key));
    }

    private Seen seeTo(Workload workload, ItemKey key, Run run) {
        if (inFlight.find(workload, key).isPresent()) {
            return Seen.NOTHING_TO_DO; // on the legacy route, or the sweeper's
        }
        String status =
                workflows.describe(workload, key).map(Description::status).orElse("NOT_FOUND");
        switch (status) {
            case "RUNNING", "PAUSED", "CONTINUED_AS_NEW", "UNSPECIFIED", "COMPLETED" -> {
                return Seen.NOTHING_TO_DO;
            }
            default -> {
                Optional<byte[]> argument = reader.argument(run);
                Optional<Stamp> stamp = argument.flatMap(
                                bytes -> Stamp.split(bytes).stamp())
                        .filter(found -> WorkflowIds.of(workload, found.key()).equals(run.workflowId()));
                // It may have settled between the look at the ledger and the look at Temporal.
                if (stamp.isEmpty()
                        || !settledItems.settled(workload, List.of(key)).isEmpty()) {
                    return Seen.NOTHING_TO_DO;
                }
                return dispatch(workload, stamp.get(), argument.get(), status);
            }
        }
    }

    private Seen dispatch(Workload workload, Stamp stamp, byte[] argument, String status) {
        Optional<Item> item = item(workload, stamp, argument);
        String routingKey =
                item.map(Item::routingKey).orElseGet(() -> stamp.key().subjectKey());
        RouteDecision now = decider.decide(workload, routingKey);
        if (now.executed() == Route.TEMPORAL) {
            return startAgain(workload, stamp, argument, status);
        }
        if (now.reason() == Reason.LEASE) { // a flag that cannot be read is an error, not an answer
            return Seen.LEFT;
        }
        if (item.isEmpty()) {
            log.error(
                    "The workflow of {} is {}, and the body of its message is not there: it cannot go to legacy.",
                    stamp.key(),
                    status);
            return Seen.LEFT;
        }
        Reason reason = now.reason() == Reason.FLAG ? Reason.RECALL : now.reason();
        inFlight.acceptOnLegacy(item.get(), stamp.decision().divertedToLegacy(reason));
        log.info("The workflow of {} is {} and its item undone; it goes to legacy: {}.", stamp.key(), status, reason);
        metrics.swept(workload, "legacy");
        metrics.diverted(workload, reason, "swept");
        return Seen.AGAIN;
    }

    private Seen startAgain(Workload workload, Stamp stamp, byte[] argument, String status) {
        Optional<Permit> permit = ceilings.enter(WorkflowIds.of(workload, stamp.key()));
        if (permit.isEmpty()) {
            return Seen.LEFT;
        }
        StartOutcome outcome = workflows.startAlone(workload, stamp, argument);
        if (outcome instanceof StartOutcome.Started) {
            log.info("The workflow of {} was {} and its item undone; it is started again.", stamp.key(), status);
            metrics.swept(workload, "started_again");
            return Seen.AGAIN;
        }
        permit.get().giveBack();
        return outcome instanceof StartOutcome.AlreadyStarted ? Seen.NOTHING_TO_DO : Seen.LEFT;
    }

    /** With its whole message; empty if that was kept outside and is not there. */
    private Optional<Item> item(Workload workload, Stamp stamp, byte[] argument) {
        byte[] message = Stamp.split(argument).message();
        Optional<Claim> claim = Claim.read(message);
        Optional<byte[]> whole = claim.isEmpty()
                ? Optional.of(argument)
                : bodies.find(workload, stamp.key(), claim.get()).filter(claim.get()::fits);
        return whole.map(Stamp::split)
                .map(parts -> new Item(
                        workload,
                        stamp.key(),
                        routingKey(workload, stamp, parts),
                        parts.message(),
                        stamp.wayIn(),
                        stamp.acceptedAt(),
                        parts.stamp().map(Stamp::evidence).orElseGet(stamp::evidence),
                        stamp.lineage()));
    }

    private String routingKey(Workload workload, Stamp stamp, Stamped parts) {
        MessageCodec codec = bindings.of(workload).definition().messages();
        return codec.read(parts.message(), stamp.acceptedAt()) instanceof MessageCodec.Reading.Read read
                ? read.item().routingKey()
                : stamp.key().subjectKey();
    }
}
