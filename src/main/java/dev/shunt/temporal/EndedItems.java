package dev.shunt.temporal;

import dev.shunt.core.Claim;
import dev.shunt.core.ClaimedBodies;
import dev.shunt.core.InFlight;
import dev.shunt.core.InFlight.Registration;
import dev.shunt.core.Item;
import dev.shunt.core.MessageCodec;
import dev.shunt.core.Reason;
import dev.shunt.core.RetiredWorkloads;
import dev.shunt.core.Route;
import dev.shunt.core.RouteDecider;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.Stamp;
import dev.shunt.core.Stamp.Stamped;
import dev.shunt.core.Workload;
import dev.shunt.temporal.Ceilings.Permit;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Dispatches again, by the flag of this moment, an item that nothing but its ended workflow held. */
final class EndedItems {

    private static final Logger log = LoggerFactory.getLogger(EndedItems.class);

    private final RetiredWorkloads retired;
    private final InFlight inFlight;
    private final RouteDecider decider;
    private final Bindings bindings;
    private final Workflows workflows;
    private final ClaimedBodies bodies;
    private final Ceilings ceilings;
    private final RouteMetrics metrics;

    EndedItems(
            RetiredWorkloads retired,
            InFlight inFlight,
            RouteDecider decider,
            Bindings bindings,
            Workflows workflows,
            ClaimedBodies bodies,
            Ceilings ceilings,
            RouteMetrics metrics) {
        this.retired = retired;
        this.inFlight = inFlight;
        this.decider = decider;
        this.bindings = bindings;
        this.workflows = workflows;
        this.bodies = bodies;
        this.ceilings = ceilings;
        this.metrics = metrics;
    }

    /** What became of an item whose run has ended. */
    enum Outcome {
        NOTHING_TO_DO,
        AGAIN,
        /** Something stands in its way now. */
        LEFT,
        /** No run of it could be read: kept apart, so that it does not hold up the others. */
        UNREADABLE
    }

    /**
     * @param argument of the run: its stamped message, or a stamped reference to it
     * @param status how the run ended, for messages
     * @throws dev.shunt.core.UnavailableException if Redis or the store of bodies is away
     */
    Outcome dispatch(Workload workload, Stamp stamp, byte[] argument, String status) {
        Optional<Item> item = item(workload, stamp, argument);
        String routingKey =
                item.map(Item::routingKey).orElseGet(() -> stamp.key().subjectKey());
        RouteDecision now = decider.decide(workload, routingKey);
        if (now.executed() == Route.TEMPORAL && retired.isRetired(workload)) {
            return startAgain(workload, stamp, argument, status);
        }
        if (now.reason() == Reason.LEASE) { // a flag that cannot be read is an error, not an answer
            return Outcome.LEFT;
        }
        if (item.isEmpty()) {
            throw new IllegalStateException("the body of its message is not there");
        }
        if (now.executed() == Route.TEMPORAL) {
            return register(item.get(), now, status);
        }
        Reason reason = now.reason() == Reason.FLAG ? Reason.RECALL : now.reason();
        return onLegacy(item.get(), stamp, reason, status);
    }

    /** Of a workload that is not retired, or not any more: a rollback must know of it. The sweeper starts what is registered. */
    private Outcome register(Item item, RouteDecision now, String status) {
        switch (inFlight.register(item, now)) {
            case Registration.Fenced fenced -> {
                return onLegacy(item, item.stamp(now), Reason.FENCED, status);
            }
            case Registration.Duplicate duplicate -> {
                return Outcome.NOTHING_TO_DO;
            }
            case Registration.Registered registered -> {
                log.info("The workflow of {} was {} and its item undone; it is registered again.", item.key(), status);
                metrics.swept(item.workload(), "registered");
                return Outcome.AGAIN;
            }
        }
    }

    private Outcome onLegacy(Item item, Stamp stamp, Reason reason, String status) {
        Workload workload = item.workload();
        inFlight.acceptOnLegacy(item, stamp.decision().divertedToLegacy(reason));
        log.info("The workflow of {} is {} and its item undone; it goes to legacy: {}.", stamp.key(), status, reason);
        metrics.swept(workload, "legacy");
        metrics.diverted(workload, reason, "swept");
        return Outcome.AGAIN;
    }

    private Outcome startAgain(Workload workload, Stamp stamp, byte[] argument, String status) {
        Optional<Permit> permit = ceilings.enter(WorkflowIds.of(workload, stamp.key()));
        if (permit.isEmpty()) {
            return Outcome.LEFT;
        }
        StartOutcome outcome = workflows.startAlone(workload, stamp, argument);
        if (outcome instanceof StartOutcome.Started) {
            log.info("The workflow of {} was {} and its item undone; it is started again.", stamp.key(), status);
            metrics.swept(workload, "started_again");
            return Outcome.AGAIN;
        }
        permit.get().giveBack();
        return outcome instanceof StartOutcome.AlreadyStarted ? Outcome.NOTHING_TO_DO : Outcome.LEFT;
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
