package dev.shunt.rollout;

import dev.shunt.core.Epoch;
import dev.shunt.core.InFlight;
import dev.shunt.core.Percentage;
import dev.shunt.core.Preflight;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.routing.InstanceState;
import dev.shunt.routing.Router;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves a workload's percentage and takes it back. Works the same for every workload in the catalogue. */
public final class RolloutControl {

    private static final Logger log = LoggerFactory.getLogger(RolloutControl.class);
    private static final Duration ACKNOWLEDGED_WITHIN = Duration.ofSeconds(2);
    private static final Duration SPARE = Duration.ofSeconds(1);

    private final WorkloadCatalog catalog;
    private final Router router;
    private final InFlight inFlight;
    private final FlagWriter flag;
    private final FlagHistory history;
    private final Fences fences;
    private final PendingRollbacks pending;
    private final Recalls recalls;
    private final Consumer<RollbackOrder> alsoStops;
    private final Consumer<Workload> recognition;
    private final List<Preflight> preflights;
    private final Clock clock;

    /**
     * @param alsoStops what else a rollback ends on this instance; must neither wait nor throw
     * @param recognition told of a recorded rollback; must not throw
     */
    RolloutControl(
            WorkloadCatalog catalog,
            Router router,
            InFlight inFlight,
            FlagWriter flag,
            FlagHistory history,
            Fences fences,
            PendingRollbacks pending,
            Recalls recalls,
            Consumer<RollbackOrder> alsoStops,
            Consumer<Workload> recognition,
            List<Preflight> preflights,
            Clock clock) {
        this.catalog = catalog;
        this.router = router;
        this.inFlight = inFlight;
        this.flag = flag;
        this.history = history;
        this.fences = fences;
        this.pending = pending;
        this.recalls = recalls;
        this.alsoStops = alsoStops;
        this.recognition = recognition;
        this.preflights = List.copyOf(preflights);
        this.clock = clock;
    }

    /** The version of the flag that this instance obeys; asks nobody. */
    public Epoch obeyed(Workload workload) {
        return router.snapshot(workload).epoch();
    }

    /**
     * Whether a version is in force as far as is known without Postgres: this instance obeys it, or it is that of a rollback
     * which Redis knows of before this instance has read it.
     */
    public boolean isInForce(Workload workload, Epoch epoch) {
        return epoch.equals(obeyed(workload)) || epoch.equals(newest(workload));
    }

    /** Never fails because a backend is away: it says what cannot be known. */
    public Status status(Workload workload) {
        var problems = new ArrayList<String>();
        var snapshot = router.snapshot(workload);
        if (snapshot.problem() != null) {
            problems.add("the flag reads as 0 %: " + snapshot.problem());
        }
        if (!router.trustsFlag()) {
            problems.add("this instance cannot read the flag and sends everything to legacy");
        }
        Optional<Epoch> fence = fences.current(workload);
        OptionalLong registered = registered(workload);
        if ((fence.isEmpty() || registered.isEmpty()) && !router.isReleased(workload)) {
            problems.add("Redis is away: fence and registry are not known");
        }
        boolean isPending = pending.isPending(workload);
        fence.filter(ahead -> !isPending && snapshot.epoch().isBefore(ahead))
                .ifPresent(ahead -> problems.add("the fence is at " + ahead + ", the flag that is obeyed here at "
                        + snapshot.epoch()
                        + ": all goes to legacy. If this stays, a rollback was begun and not recorded:"
                        + " order it again"));
        List<InstanceState> instances = instances(workload).orElseGet(() -> {
            problems.add("Postgres is away: other instances are not known");
            return List.of();
        });
        return new Status(
                workload,
                snapshot,
                router.trustsFlag(),
                router.held(),
                fence,
                instances,
                registered,
                isPending,
                problems);
    }

    /** What must be done before anything may be sent to Temporal; what cannot be found out now does not hinder. */
    Optional<String> hindrance(Workload workload) {
        Optional<String> nowhere = nowhereToGo(workload);
        if (nowhere.isPresent()) {
            return nowhere;
        }
        if (pending.isPending(workload)) {
            return Optional.of("a rollback of " + workload
                    + " was ordered and is not recorded yet; the percentage can be raised once it is");
        }
        return preflights.stream()
                .map(preflight -> preflight.check(workload))
                .flatMap(finding ->
                        finding instanceof Preflight.Finding.Refused refused ? Stream.of(refused) : Stream.of())
                .map(Preflight.Finding.Refused::whatToDo)
                .findFirst();
    }

    /**
     * Why nothing of a workload can go to legacy; empty if it can. Its rollout is completed, and the Redis that it did
     * without is away: a rollback would leave its items nowhere.
     */
    public Optional<String> nowhereToGo(Workload workload) {
        return router.isReleased(workload) && fences.current(workload).isEmpty()
                ? Optional.of(
                        "the rollout of " + workload + " is completed and Redis is away: there is no legacy route to"
                                + " go back to. New items go to Temporal, or are refused with 503 while it takes none. To go back,"
                                + " start a Redis at the configured address first")
                : Optional.empty();
    }

    /**
     * Sends everything back to legacy, now. Always taken; the answer says how far it has come. Callers ask first whether
     * there is {@link #nowhereToGo}.
     */
    public Rollback rollback(Workload workload, Actor actor, String reason) {
        return rollback(workload, actor, reason, null);
    }

    /** @param policy what becomes of items in flight; null: what the setting says */
    public Rollback rollback(Workload workload, Actor actor, String reason, @Nullable InFlightPolicy policy) {
        String feature = catalog.of(workload).feature();
        RollbackOrder order = RollbackOrder.of(workload, actor, reason, policy, clock);
        boolean alone = router.isRetired(workload);
        router.hold(workload, order.id()); // this instance obeys from here on, whatever happens next
        log.warn("Rollback of {} ordered by {}: {}.", workload, actor.label(), reason);
        alsoStops.accept(order);
        pending.keep(order);
        try {
            // the fence first: decisions made before this moment are refused while the flag is still being written
            boolean fenced = fences.tryRaise(workload, flag.nextEpoch());
            Instant fencedAt = clock.instant();
            Epoch epoch = flag.record(order, feature, newest(workload));
            // again, at the flag's own version: closes what a change between the two steps may have opened
            fenced &= fences.tryRaise(workload, epoch);
            router.release(workload, order.id(), epoch);
            pending.forget(order);
            recognition.accept(workload);
            return recorded(order, epoch, fenced ? fencedAt : null, alone);
        } catch (RuntimeException e) {
            log.warn(
                    "Rollback {} of {} cannot be recorded now: {}. It is obeyed, and recorded later.",
                    order.id(),
                    workload,
                    e.toString());
            boolean stopped = pending.take(order);
            return unrecorded(order, stopped);
        }
    }

    /**
     * The newest changes of a workload's flag, newest first.
     *
     * @throws UnavailableException if Postgres is away
     */
    public List<Change> history(Workload workload, int limit) {
        return history.latest(catalog.of(workload).feature(), limit);
    }

    /** What follows a rollback that the controller has committed. */
    void follow(RollbackOrder order, Epoch epoch) {
        alsoStops.accept(order);
        fences.tryRaise(order.workload(), epoch);
        recalls.afterRollback(order);
    }

    /** The newest change; of a flag that never was, an empty one. */
    Change latest(Workload workload) {
        return history(workload, 1).stream()
                .findFirst()
                .orElseGet(() -> new Change(0, clock.instant(), "nobody", false, "no flag yet", "", null, null));
    }

    /** Live instances that do not obey a version within 2 s. */
    List<InstanceState> laggards(Workload workload, Epoch epoch) {
        return laggards(obeyed(workload, epoch), epoch);
    }

    private Rollback recorded(RollbackOrder order, Epoch epoch, @Nullable Instant fencedAt, boolean alone) {
        Workload workload = order.workload();
        List<InstanceState> instances = obeyed(workload, epoch);
        List<InstanceState> laggards = laggards(instances, epoch);
        var notes = new ArrayList<>(recalls.afterRollback(order));
        OptionalLong registered = registered(workload);
        if (fencedAt == null) {
            notes.add("Redis is away: the fence is raised when it is back");
        }
        if (alone) {
            notes.add("the rollout was completed: what was started since then is in no registry, is not counted here,"
                    + " cannot be recalled and finishes on Temporal");
        }
        if (registered.orElse(0) > 0) {
            notes.add("items in flight on Temporal finish there, or are swept or recalled to legacy");
        }
        return new Rollback(
                order.id(),
                workload,
                order.orderedAt(),
                true,
                fencedAt != null,
                Optional.ofNullable(fencedAt),
                Optional.of(epoch),
                instances,
                laggards,
                laggards.stream().map(InstanceState::leaseEndsAt).max(Instant::compareTo),
                registered,
                fencedAt != null && !instances.isEmpty() && laggards.isEmpty() && registered.orElse(1) == 0,
                notes);
    }

    private Rollback unrecorded(RollbackOrder order, boolean stopped) {
        var notes = new ArrayList<String>();
        notes.add("Postgres is away: this instance obeys now, and records the rollback when Postgres is back");
        notes.add(
                stopped
                        ? "a stop in Redis refuses every registration of every instance until then"
                        : "Redis is away too: other instances obey when their lease ends");
        if (stopped) {
            notes.addAll(recalls.afterRollback(order));
        }
        Instant now = clock.instant();
        return new Rollback(
                order.id(),
                order.workload(),
                order.orderedAt(),
                false,
                stopped,
                stopped ? Optional.of(now) : Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.of(now.plus(router.lease()).plus(SPARE)),
                registered(order.workload()),
                false,
                notes);
    }

    /** The newest epoch handed out as far as is known here: a database restored from a backup may have forgotten it. */
    Epoch newest(Workload workload) {
        return newest(workload, fences.current(workload).orElse(Epoch.NONE));
    }

    /** The same for the controller, which does not wait for Redis. */
    Epoch newestSoon(Workload workload) {
        return newest(workload, fences.currentSoon(workload).orElse(Epoch.NONE));
    }

    private Epoch newest(Workload workload, Epoch fence) {
        Epoch read = router.snapshot(workload).epoch();
        return read.isBefore(fence) ? fence : read;
    }

    private List<InstanceState> obeyed(Workload workload, Epoch epoch) {
        try {
            return router.awaitObeyed(workload, epoch, ACKNOWLEDGED_WITHIN);
        } catch (UnavailableException e) {
            log.warn("Who obeys epoch {} of {} is not known: {}.", epoch, workload, e.toString());
            return List.of();
        }
    }

    private Optional<List<InstanceState>> instances(Workload workload) {
        try {
            return Optional.of(router.instances(workload));
        } catch (UnavailableException e) {
            log.debug("Instances of {} are shown as unknown: {}", workload, e.toString());
            return Optional.empty();
        }
    }

    private OptionalLong registered(Workload workload) {
        try {
            return OptionalLong.of(inFlight.counts(workload).registered());
        } catch (UnavailableException e) {
            log.debug("The registry of {} is shown as unknown: {}", workload, e.toString());
            return OptionalLong.empty();
        }
    }

    private static List<InstanceState> laggards(List<InstanceState> instances, Epoch epoch) {
        return instances.stream().filter(i -> !i.obeys(epoch)).toList();
    }

    /**
     * One row of the audit trail.
     *
     * @param databaseUser the login that wrote it
     * @param from null if there was no row
     * @param to null if the row was removed
     */
    public record Change(
            long epoch,
            Instant changedAt,
            String changedBy,
            boolean verified,
            String reason,
            String databaseUser,
            @Nullable Version from,
            @Nullable Version to) {}

    /** What a flag said. */
    public record Version(Percentage percentage, boolean enabled) {}
}
