package dev.shunt.workloads.trace;

import dev.shunt.core.DeadLetters;
import dev.shunt.core.DeadLetters.DeadLetter;
import dev.shunt.core.Delivery;
import dev.shunt.core.Delivery.Execution;
import dev.shunt.core.InFlight;
import dev.shunt.core.ItemHandler.Outcome;
import dev.shunt.core.ItemKey;
import dev.shunt.core.ItemMark;
import dev.shunt.core.Lineage;
import dev.shunt.core.Reason;
import dev.shunt.core.Route;
import dev.shunt.core.Stamp;
import dev.shunt.core.Stamp.Stamped;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.workloads.trace.TraceArguments.Argument;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityInfo;
import io.temporal.common.converter.RawValue;
import io.temporal.failure.ApplicationErrorCategory;
import io.temporal.failure.ApplicationFailure;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The activities: the workload's effects, with what is known about the execution that asks for them. */
final class TraceSteps implements TraceActivities {

    private static final Logger log = LoggerFactory.getLogger(TraceSteps.class);
    private static final String UNSTAMPED = "the workflow's argument carries no stamp of Shunt's";

    private final Workload workload;
    private final TraceArguments arguments;
    private final TraceEffects effects;
    private final DeadLetters deadLetters;
    private final InFlight inFlight;
    private final Clock clock;
    private final boolean remote;

    /** @param remote whether every step is to run as an ordinary activity */
    TraceSteps(
            Workload workload,
            TraceArguments arguments,
            TraceEffects effects,
            DeadLetters deadLetters,
            InFlight inFlight,
            Clock clock,
            boolean remote) {
        this.workload = workload;
        this.arguments = arguments;
        this.effects = effects;
        this.deadLetters = deadLetters;
        this.inFlight = inFlight;
        this.clock = clock;
        this.remote = remote;
    }

    @Override
    public Persisted persistTrace(RawValue stamped) {
        Instant begun = clock.instant();
        ActivityInfo info = Activity.getExecutionContext().getInfo();
        if (remote && info.isLocal()) {
            throw declined();
        }
        return switch (arguments.open(stamped)) {
            case Argument.Message message -> persist(message.taken(), info, begun);
            case Argument.Done done -> new Persisted(done.key().value(), "DUPLICATE", true);
            case Argument.Corrupted corrupted -> throw rejected(corrupted.why());
        };
    }

    private Persisted persist(Stamped taken, ActivityInfo info, Instant begun) {
        Stamp stamp = taken.stamp().orElseThrow(() -> rejected(UNSTAMPED));
        try (ItemMark mark = ItemMark.of(workload, stamp.key(), stamp.decision(), ItemMark.here())) {
            return persist(taken, stamp, info, begun);
        }
    }

    /** What is stored belongs to this step where one is traced, and else to the acceptance. */
    private Persisted persist(Stamped taken, Stamp stamp, ActivityInfo info, Instant begun) {
        Lineage here = ItemMark.here();
        var delivery = Delivery.onTemporal(
                        workload, stamp, taken.message(), new Execution(info.getWorkflowId(), info.getWorkflowRunId()))
                .taking(ActionCount.effort(info, remote, begun))
                .under(here.isKnown() ? here : stamp.lineage());
        return switch (ThreeTries.of(stamp.key(), () -> effects.persist(delivery))) {
            case Outcome.Stored stored -> {
                if (!stored.pending()) {
                    settle(stamp.key());
                }
                yield new Persisted(stamp.key().value(), "STORED", !stored.pending());
            }
            // Whoever committed it may have died before its later steps; they are cheap where nothing is pending.
            case Outcome.Duplicate duplicate -> new Persisted(stamp.key().value(), "DUPLICATE", false);
            case Outcome.Replayed replayed -> new Persisted(stamp.key().value(), "REPLAYED", false);
            case Outcome.Rejected rejected -> throw rejected(rejected.reason());
        };
    }

    @Override
    public void calculateTraceCosts(String itemKey) {
        effects.priceSpans(new ItemKey(itemKey));
    }

    @Override
    public void updateCostSummaries(String itemKey) {
        ItemKey key = new ItemKey(itemKey);
        effects.summariseSpans(key, ActionCount.LATER_STEPS);
        settle(key);
    }

    @Override
    public void buryTrace(RawValue stamped, String reason) {
        switch (arguments.open(stamped)) {
            case Argument.Message message ->
                bury(message.taken().message(), message.taken().stamp(), reason);
            case Argument.Done done -> log.info("{} is done already; it is not buried.", done.key());
            case Argument.Corrupted corrupted -> rescue(corrupted, reason);
        }
    }

    /** The registry has the whole message: with it the legacy route can do what this workflow never will. */
    private void rescue(Argument.Corrupted corrupted, String reason) {
        ItemKey key = corrupted.stamp().key();
        boolean moved = inFlight.handToLegacy(workload, key, Reason.FALLBACK);
        if (moved || inFlight.find(workload, key).isPresent() || arguments.settled(corrupted.stamp())) {
            log.error("{}: {}. The item goes on, or has ended, on the legacy route.", key, reason);
        } else {
            bury(corrupted.found(), Optional.of(corrupted.stamp()), reason);
        }
    }

    private void bury(byte[] message, Optional<Stamp> stamp, String reason) {
        ItemKey key = stamp.map(Stamp::key).orElse(null);
        deadLetters.record(
                new DeadLetter(workload, key, message, stamp.orElse(null), Route.TEMPORAL, reason, 1, clock.instant()));
        log.warn("{} can never be stored. It is a dead letter now, whose table tells the reason.", key);
        stamp.ifPresent(known -> settle(known.key()));
    }

    /** Settling late is harmless, and the sweeper does it: the trace is committed already. */
    private void settle(ItemKey key) {
        try {
            inFlight.settle(workload, List.of(key));
        } catch (UnavailableException away) {
            log.debug("{} is done but could not be settled ({}); the sweeper will.", key, away.getMessage());
        }
    }

    /**
     * How the setting reaches the workflow: by the outcome of a step, which is in the history. So a worker with the other
     * setting replays it the same, and no workflow code ever reads a setting.
     */
    private static ApplicationFailure declined() {
        return ApplicationFailure.newBuilder()
                .setMessage("this worker runs every step as an ordinary activity")
                .setType("OrdinaryPreferred")
                .setCategory(ApplicationErrorCategory.BENIGN)
                .build();
    }

    private static ApplicationFailure rejected(String reason) {
        return ApplicationFailure.newNonRetryableFailure(reason, TraceWorkflow.REJECTED);
    }
}
