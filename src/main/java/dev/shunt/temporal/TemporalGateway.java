package dev.shunt.temporal;

import dev.shunt.core.InFlight;
import dev.shunt.core.InFlight.Entry;
import dev.shunt.core.InFlight.Registration;
import dev.shunt.core.Item;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Reason;
import dev.shunt.core.Route;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.RouteGateway;
import dev.shunt.core.RouteGateway.Dispatch.Refused.Cause;
import dev.shunt.core.Seldom;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.temporal.Ceilings.Permit;
import dev.shunt.temporal.StartOutcome.Failed;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door's way onto Temporal: registers the item, which is its acceptance, and starts its workflow. Whatever Temporal
 * does, the item is accepted as long as Redis is there: on the legacy route if it must be.
 */
final class TemporalGateway implements RouteGateway {

    private static final Logger log = LoggerFactory.getLogger(TemporalGateway.class);

    /** When to send again what could not be started: a breaker tries again, a second is over. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private static final Duration LATER = Duration.ofSeconds(60);

    private final InFlight inFlight;
    private final Workflows workflows;
    private final Ceilings ceilings;
    private final RouteMetrics metrics;
    private final Seldom stranded = new Seldom();

    TemporalGateway(InFlight inFlight, Workflows workflows, Ceilings ceilings, RouteMetrics metrics) {
        this.inFlight = inFlight;
        this.workflows = workflows;
        this.ceilings = ceilings;
        this.metrics = metrics;
    }

    @Override
    public Route route() {
        return Route.TEMPORAL;
    }

    @Override
    public Optional<String> unready(Workload workload) {
        return workflows.whyUnready();
    }

    @Override
    public Dispatch dispatch(Item item, RouteDecision decision) {
        try {
            byte[] stamped = item.stamp(decision).appendTo(item.message());
            if (!workflows.takes(item.workload(), stamped.length)) {
                log.info(
                        "{} has {} bytes, more than a workflow can take; it goes to legacy.",
                        item.key(),
                        stamped.length);
                return onLegacy(item, decision, Reason.FALLBACK, "too_large");
            }
            Optional<StartOutcome.Cause> unready = workflows.unready();
            if (unready.isPresent()) {
                return onLegacy(item, decision, Reason.FALLBACK, word(unready.get()));
            }
            String workflowId = WorkflowIds.of(item.workload(), item.key());
            Optional<Permit> permit = ceilings.enter(workflowId);
            return permit.isEmpty()
                    ? onLegacy(item, decision, Reason.CAPPED, "ceiling")
                    : register(item, decision, stamped, permit.get());
        } catch (UnavailableException away) {
            return new Dispatch.Refused(String.valueOf(away.getMessage()), away.retryAfter());
        }
    }

    /**
     * Its acceptance is the workflow itself. A start whose answer is lost is refused: sent again, it meets its own workflow
     * and is a duplicate.
     */
    @Override
    public Dispatch dispatchAlone(Item item, RouteDecision decision) {
        byte[] stamped = item.stamp(decision).appendTo(item.message());
        if (!workflows.takes(item.workload(), stamped.length)) {
            return new Dispatch.Refused(
                    item.key() + " has " + stamped.length + " bytes, more than a workflow of " + item.workload()
                            + " can take",
                    LATER,
                    Cause.LIMIT);
        }
        Optional<Permit> permit = ceilings.enter(WorkflowIds.of(item.workload(), item.key()));
        if (permit.isEmpty()) {
            return new Dispatch.Refused(
                    "a ceiling of workflows is reached, and there is no legacy route", SOON, Cause.LIMIT);
        }
        boolean started = false;
        try {
            StartOutcome outcome = workflows.startAlone(item.workload(), item.stamp(decision), stamped);
            started = outcome instanceof StartOutcome.Started;
            return outcome instanceof StartOutcome.Failed failed
                    ? new Dispatch.Refused("Temporal did not take it: " + failed.cause() + " " + failed.detail(), SOON)
                    : answer(item, decision, outcome);
        } finally {
            if (!started) {
                permit.get().giveBack();
            }
        }
    }

    private Dispatch register(Item item, RouteDecision decision, byte[] stamped, Permit permit) {
        boolean started = false;
        try {
            switch (inFlight.register(item, decision)) {
                case Registration.Fenced fenced -> {
                    return onLegacy(item, decision, Reason.FENCED, "fence");
                }
                case Registration.Duplicate duplicate -> {
                    return duplicate(item, duplicate.entry());
                }
                case Registration.Registered registered -> {
                    StartOutcome outcome = workflows.start(item.workload(), item.stamp(decision), stamped);
                    started = outcome instanceof StartOutcome.Started;
                    return answer(item, decision, outcome);
                }
            }
        } finally {
            if (!started) {
                permit.giveBack();
            }
        }
    }

    private Dispatch answer(Item item, RouteDecision decision, StartOutcome outcome) {
        return switch (outcome) {
            case StartOutcome.Started started -> new Dispatch.Accepted(decision, started.workflowId());
            // Its workflow runs, or has run, since an earlier acceptance; the sweeper drops the entry once it is
            // settled.
            case StartOutcome.AlreadyStarted already -> new Dispatch.Duplicate(Route.TEMPORAL, already.workflowId());
            case StartOutcome.Failed failed -> fallBack(item, decision, failed);
        };
    }

    private Dispatch fallBack(Item item, RouteDecision decision, Failed failed) {
        String workflowId = WorkflowIds.of(item.workload(), item.key());
        log.debug("Starting {} failed: {} {}; it goes to legacy.", workflowId, failed.cause(), failed.detail());
        try {
            if (inFlight.handToLegacy(item.workload(), item.key(), Reason.FALLBACK)) {
                metrics.diverted(item.workload(), Reason.FALLBACK, word(failed.cause()));
                return new Dispatch.Accepted(decision.divertedToLegacy(Reason.FALLBACK), null);
            }
            // Gone from the registry: the workflow was started after all and has settled, or a recall was faster.
            return new Dispatch.Accepted(decision, workflowId);
        } catch (UnavailableException away) {
            stranded.log(more -> log.warn(
                    "{} and {} more are registered, but neither started ({}) nor handed to legacy ({}). The sweeper will do one of both.",
                    item.key(),
                    more,
                    failed.detail(),
                    away.getMessage()));
            return new Dispatch.Accepted(decision, workflowId);
        }
    }

    private Dispatch onLegacy(Item item, RouteDecision decision, Reason reason, String cause) {
        RouteDecision diverted = decision.divertedToLegacy(reason);
        return switch (inFlight.acceptOnLegacy(item, diverted)) {
            case Registration.Duplicate duplicate -> duplicate(item, duplicate.entry());
            default -> {
                metrics.diverted(item.workload(), reason, cause);
                yield new Dispatch.Accepted(diverted, null);
            }
        };
    }

    private static Dispatch duplicate(Item item, Entry entry) {
        boolean carried = entry.route() == Route.TEMPORAL;
        return new Dispatch.Duplicate(entry.route(), carried ? WorkflowIds.of(item.workload(), item.key()) : null);
    }

    @Override
    public String workflowId(Workload workload, ItemKey key) {
        return WorkflowIds.of(workload, key);
    }

    private static String word(StartOutcome.Cause cause) {
        return cause.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Optional<Description> describe(Workload workload, ItemKey key) {
        return workflows.describe(workload, key);
    }

    @Override
    public boolean cancel(Workload workload, ItemKey key, String why) {
        return workflows.cancel(workload, key, why);
    }

    @Override
    public boolean signal(Workload workload, ItemKey key, String signal, byte[] json) {
        return workflows.signal(workload, key, signal, json);
    }
}
