package dev.shunt.rollout;

import dev.shunt.core.Epoch;
import dev.shunt.core.InFlight;
import dev.shunt.core.Item;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Reason;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Fence, stop and registry size of one workload, in memory; the rest of the port is not needed to control a rollout. */
public final class StopsInMemory implements InFlight {

    private final List<String> steps = new CopyOnWriteArrayList<>();
    private volatile Epoch fence = Epoch.NONE;
    private volatile @Nullable String stop;
    private volatile Set<ItemKey> registry = Set.of();
    private volatile boolean away;

    public void goAway() {
        away = true;
    }

    public void comeBack() {
        away = false;
    }

    public void register(ItemKey... keys) {
        registry = new HashSet<>(List.of(keys));
    }

    /** What was asked of it and changed something, in order. */
    List<String> steps() {
        return steps;
    }

    @Override
    public void raiseFence(Workload workload, Epoch raised) {
        mustBeThere();
        if (fence.isBefore(raised)) {
            fence = raised;
            steps.add("fence");
        }
    }

    @Override
    public Epoch fence(Workload workload) {
        mustBeThere();
        return fence;
    }

    @Override
    public void orderStop(Workload workload, String order) {
        mustBeThere();
        stop = order;
        steps.add("stop");
    }

    @Override
    public Optional<String> stopOrder(Workload workload) {
        mustBeThere();
        return Optional.ofNullable(stop);
    }

    @Override
    public boolean liftStop(Workload workload, String order) {
        mustBeThere();
        if (!order.equals(stop)) {
            return false;
        }
        stop = null;
        steps.add("lift");
        return true;
    }

    @Override
    public Census census(Workload workload) {
        mustBeThere();
        return new Census(Map.of(), registry, 0, 0, Optional.empty(), Map.of());
    }

    private void mustBeThere() {
        if (away) {
            throw new UnavailableException("Redis is away", Duration.ofSeconds(1), null);
        }
    }

    @Override
    public Registration acceptOnLegacy(Item item, RouteDecision decision) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Registration register(Item item, RouteDecision decision) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean handToLegacy(Workload workload, ItemKey key, Reason reason) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void settle(Workload workload, Collection<ItemKey> keys) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Entry> find(Workload workload, ItemKey key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Entry> ofSubject(Workload workload, String subjectKey) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Registered> registered(
            Workload workload, Instant acceptedBefore, Optional<Registered> after, int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<byte[]> message(Workload workload, ItemKey key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Counts counts(Workload workload) {
        mustBeThere();
        return new Counts(0, registry.size(), 0, 0, Optional.empty(), Optional.empty(), Map.of(), Optional.empty());
    }

    @Override
    public Set<ItemKey> presentOnLegacy(Workload workload, Set<ItemKey> keys) {
        throw new UnsupportedOperationException();
    }
}
