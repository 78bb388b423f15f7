package dev.shunt.temporal;

import com.google.protobuf.ByteString;
import dev.shunt.core.ClaimedBodies;
import dev.shunt.core.InFlight;
import dev.shunt.core.ItemKey;
import dev.shunt.core.RetiredWorkloads;
import dev.shunt.core.RouteDecider;
import dev.shunt.core.RouteGateway.Description;
import dev.shunt.core.Seldom;
import dev.shunt.core.SettledItems;
import dev.shunt.core.Stamp;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.temporal.EndedItems.Outcome;
import dev.shunt.temporal.EndedRunsReader.Page;
import dev.shunt.temporal.EndedRunsReader.Run;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after items that nothing but their workflow holds: of a run that was terminated, cancelled or timed out with its
 * item undone, the message is read from its history and dispatched again. What the {@link Sweeper} is for registered
 * items. The server takes a second start of an item for a duplicate, so any number of instances may look. What is older than
 * the ledger's memory is left alone, because a rollback may have had it stored by the legacy route.
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
    private final Bindings bindings;
    private final Workflows workflows;
    private final EndedRunsReader reader;
    private final EndedItems items;
    private final UnreadableRuns unreadable;
    private final ForgottenItems forgotten = new ForgottenItems();
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
        this.bindings = bindings;
        this.workflows = workflows;
        this.reader = reader;
        this.items = new EndedItems(retired, inFlight, decider, bindings, workflows, bodies, ceilings, metrics);
        this.unreadable = new UnreadableRuns(metrics);
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
        Set<Run> unread = unreadable.of(workload);
        forgotten.begin();
        Tally tally = seeTo(workload, unread);
        ByteString from = ByteString.EMPTY;
        do {
            Optional<Page> page = reader.page(bindings.of(workload), Optional.ofNullable(seen.get(workload)), from);
            if (page.isEmpty()) {
                return true;
            }
            List<Run> runs = page.get().runs().stream()
                    .filter(run -> (all || run.alone()) && !unread.contains(run))
                    .toList();
            tally = tally.and(seeTo(workload, runs));
            from = page.get().next();
        } while (!from.isEmpty() && tally.again() < MOST);
        forgotten.tell(workload, settledItems.memory());
        if (tally.whole() && from.isEmpty()) {
            seen.put(workload, begun.minus(OVERLAP));
        }
        return from.isEmpty();
    }

    /** @param whole whether nothing was left */
    private record Tally(boolean whole, int again) {
        Tally and(Tally other) {
            return new Tally(whole && other.whole, again + other.again);
        }
    }

    /** The one argument of a run, which is the item's message or refers to it. */
    private record Message(
            Stamp stamp,
            @SuppressWarnings("ArrayRecordComponent") byte[] argument) {}

    private Tally seeTo(Workload workload, Collection<Run> runs) {
        var tally = new Tally(true, 0);
        for (var one : undone(workload, runs).entrySet()) {
            Outcome outcome = seeTo(workload, one.getKey(), one.getValue());
            if (outcome == Outcome.NOTHING_TO_DO || outcome == Outcome.AGAIN) {
                one.getValue().forEach(run -> unreadable.forget(workload, run));
            }
            tally = tally.and(new Tally(outcome != Outcome.LEFT, outcome == Outcome.AGAIN ? 1 : 0));
        }
        return tally;
    }

    /**
     * By item: one may have had several runs, and one of them may be readable when another is not. Which life a run was of is
     * not known before it is read, so those that are dead are still among them.
     */
    private Map<ItemKey, List<Run>> undone(Workload workload, Collection<Run> runs) {
        Map<ItemKey, List<Run>> undone = new LinkedHashMap<>();
        for (Run run : runs) {
            WorkflowIds.key(workload, run.workflowId())
                    .or(() -> keyInside(workload, run))
                    .ifPresent(key -> undone.computeIfAbsent(key, none -> new ArrayList<>())
                            .add(run));
        }
        for (ItemKey settled : settledItems.stored(workload, List.copyOf(undone.keySet()))) {
            undone.getOrDefault(settled, List.of()).forEach(run -> unreadable.forget(workload, run));
            undone.remove(settled);
        }
        return undone;
    }

    /** Of a long id, which does not tell. */
    private Optional<ItemKey> keyInside(Workload workload, Run run) {
        if (!WorkflowIds.isOf(workload, run.workflowId())) {
            return Optional.empty();
        }
        try {
            Optional<Message> message = message(workload, run);
            if (message.isEmpty()) {
                unreadable.forget(workload, run);
            }
            return message.map(Message::stamp).map(Stamp::key);
        } catch (UnavailableException away) {
            throw away;
        } catch (RuntimeException fault) {
            unreadable.keep(workload, run, fault);
            return Optional.empty();
        }
    }

    /**
     * @return empty if the server has forgotten the run, or it was not started as the only place of an item and carries none
     * @throws RuntimeException if it cannot be read
     */
    private Optional<Message> message(Workload workload, Run run) {
        Optional<byte[]> argument = reader.argument(run);
        if (argument.isEmpty()) {
            return Optional.empty();
        }
        Optional<Stamp> stamp = Stamp.split(argument.get())
                .stamp()
                .filter(found -> WorkflowIds.of(workload, found.key()).equals(run.workflowId()));
        if (stamp.isEmpty() && run.alone()) {
            throw new IllegalStateException(
                    "its argument is no message of this item; if it is encrypted, its key is missing in shunt.temporal.codec-keys");
        }
        return stamp.map(found -> new Message(found, argument.get()));
    }

    private Outcome seeTo(Workload workload, ItemKey key, List<Run> runs) {
        if (inFlight.find(workload, key).isPresent()) {
            return Outcome.NOTHING_TO_DO; // on the legacy route, or the sweeper's
        }
        String status =
                workflows.describe(workload, key).map(Description::status).orElse("NOT_FOUND");
        return switch (status) {
            case "RUNNING", "PAUSED", "CONTINUED_AS_NEW", "UNSPECIFIED", "COMPLETED" -> Outcome.NOTHING_TO_DO;
            default -> seeToEnded(workload, runs, status);
        };
    }

    /** What the ledger cannot know any more counts as done: it would be stored a second time. */
    private boolean isUndone(Workload workload, Stamp stamp) {
        if (settledItems.isSettled(workload, stamp.key(), stamp.acceptedAt())) {
            return false;
        }
        Duration age = Duration.between(stamp.acceptedAt(), clock.instant());
        if (age.plus(OVERLAP).compareTo(settledItems.memory()) <= 0) {
            return true;
        }
        forgotten.meet(stamp.key());
        return false;
    }

    private Outcome seeToEnded(Workload workload, List<Run> runs, String status) {
        Outcome outcome = Outcome.NOTHING_TO_DO;
        for (Run run : runs) {
            try {
                Optional<Message> message = message(workload, run);
                // It may have settled between the look at the ledger and the look at Temporal, or have been a life
                // before.
                if (message.isPresent() && isUndone(workload, message.get().stamp())) {
                    return items.dispatch(
                            workload, message.get().stamp(), message.get().argument(), status);
                }
            } catch (UnavailableException away) {
                throw away;
            } catch (RuntimeException fault) {
                unreadable.keep(workload, run, fault);
                outcome = Outcome.UNREADABLE;
            }
        }
        return outcome;
    }
}
