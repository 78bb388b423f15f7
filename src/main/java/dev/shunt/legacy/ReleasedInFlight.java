package dev.shunt.legacy;

import dev.shunt.core.Epoch;
import dev.shunt.core.InFlight;
import dev.shunt.core.Item;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Reason;
import dev.shunt.core.RetiredWorkloads;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Redis, or the knowledge that it is not needed: nothing of a released workload is in it, so that one which is away is as
 * good as an empty one for whoever looks or settles. Whoever would put something in is still told that it is away.
 */
final class ReleasedInFlight implements InFlight {

    /** A server that is switched off, and not only stopped, is noticed by a timeout: one caller waits for it, once in so long. */
    private static final long LOOK_AGAIN_NANOS = Duration.ofSeconds(5).toNanos();

    private final InFlight redis;
    private final RetiredWorkloads retired;
    private final Set<Workload> workloads;
    private final LongSupplier nanoTime;
    private final AtomicLong awayUntil;
    private volatile boolean away;

    ReleasedInFlight(InFlight redis, RetiredWorkloads retired, Collection<Workload> workloads, LongSupplier nanoTime) {
        this.workloads = Set.copyOf(workloads);
        this.redis = redis;
        this.retired = retired;
        this.nanoTime = nanoTime;
        this.awayUntil = new AtomicLong(nanoTime.getAsLong());
    }

    private <T> T orNothing(Workload workload, Supplier<T> asked, T nothing) {
        if (!retired.isReleased(workload)) {
            return asked.get();
        }
        if (away && !isMyTurnToLook()) {
            return nothing;
        }
        try {
            T found = asked.get();
            away = false;
            return found;
        } catch (UnavailableException gone) {
            awayUntil.set(nanoTime.getAsLong() + LOOK_AGAIN_NANOS);
            away = true;
            return nothing;
        }
    }

    private boolean isMyTurnToLook() {
        long until = awayUntil.get();
        long now = nanoTime.getAsLong();
        return until - now <= 0 && awayUntil.compareAndSet(until, now + LOOK_AGAIN_NANOS);
    }

    @Override
    public Registration acceptOnLegacy(Item item, RouteDecision decision) {
        return redis.acceptOnLegacy(item, decision);
    }

    @Override
    public Registration register(Item item, RouteDecision decision) {
        return redis.register(item, decision);
    }

    @Override
    public boolean handToLegacy(Workload workload, ItemKey key, Reason reason) {
        return orNothing(workload, () -> redis.handToLegacy(workload, key, reason), false);
    }

    @Override
    public void settle(Workload workload, Collection<ItemKey> keys) {
        orNothing(
                workload,
                () -> {
                    redis.settle(workload, keys);
                    return true;
                },
                false);
    }

    @Override
    public Optional<Entry> find(Workload workload, ItemKey key) {
        return orNothing(workload, () -> redis.find(workload, key), Optional.empty());
    }

    @Override
    public List<Entry> ofSubject(Workload workload, String subjectKey) {
        return orNothing(workload, () -> redis.ofSubject(workload, subjectKey), List.of());
    }

    @Override
    public List<Registered> registered(
            Workload workload, Instant acceptedBefore, Optional<Registered> after, int limit) {
        return orNothing(workload, () -> redis.registered(workload, acceptedBefore, after, limit), List.of());
    }

    @Override
    public Optional<byte[]> message(Workload workload, ItemKey key) {
        return orNothing(workload, () -> redis.message(workload, key), Optional.empty());
    }

    @Override
    public Counts counts(Workload workload) {
        return orNothing(
                workload,
                () -> redis.counts(workload),
                new Counts(0, 0, 0, 0, Optional.empty(), Optional.empty(), Map.of(), Optional.empty()));
    }

    @Override
    public long backlog(Workload workload) {
        return orNothing(workload, () -> redis.backlog(workload), 0L);
    }

    @Override
    public Census census(Workload workload) {
        return orNothing(
                workload,
                () -> redis.census(workload),
                new Census(Map.of(), Set.of(), 0, 0, Optional.empty(), Map.of()));
    }

    @Override
    public Set<String> unreadable(Workload workload) {
        return orNothing(workload, () -> redis.unreadable(workload), Set.of());
    }

    @Override
    public boolean takeTurn(Workload workload, String chore, String turn, Duration lease) {
        return orNothing(workload, () -> redis.takeTurn(workload, chore, turn, lease), true);
    }

    @Override
    public void open(Workload workload, Instant from, Instant before, Consumer<List<Open>> page) {
        orNothing(
                workload,
                () -> {
                    redis.open(workload, from, before, page);
                    return true;
                },
                false);
    }

    @Override
    public Optional<String> serverRun() {
        return workloads.stream().allMatch(retired::isReleased)
                ? orNothing(workloads.iterator().next(), redis::serverRun, Optional.empty())
                : redis.serverRun();
    }

    @Override
    public void raiseFence(Workload workload, Epoch fence) {
        redis.raiseFence(workload, fence);
    }

    @Override
    public Epoch fence(Workload workload) {
        return redis.fence(workload);
    }

    @Override
    public void orderStop(Workload workload, String order) {
        redis.orderStop(workload, order);
    }

    @Override
    public Optional<String> stopOrder(Workload workload) {
        return redis.stopOrder(workload);
    }

    @Override
    public boolean liftStop(Workload workload, String order) {
        return redis.liftStop(workload, order);
    }

    @Override
    public Set<ItemKey> presentOnLegacy(Workload workload, Set<ItemKey> keys) {
        return orNothing(workload, () -> redis.presentOnLegacy(workload, keys), Set.of());
    }
}
