package dev.shunt.contract;

import dev.shunt.core.Epoch;
import dev.shunt.core.InFlight;
import dev.shunt.core.InFlight.Registration.Duplicate;
import dev.shunt.core.InFlight.Registration.Fenced;
import dev.shunt.core.Item;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Reason;
import dev.shunt.core.Route;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.Stamp;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Book, registry and legacy list in memory, with the same rules as in Redis: for tests of what stands on the port. */
public class InMemoryInFlight implements InFlight {

    private final Map<Workload, Side> sides = new HashMap<>();
    private volatile boolean away;

    private static final class Side {
        final Map<ItemKey, Entry> book = new HashMap<>();
        final Map<ItemKey, byte[]> registry = new HashMap<>();
        /** Its first element is the tail of the Redis list: the next to be consumed. */
        final Deque<byte[]> list = new ArrayDeque<>();

        final Map<Route, Long> duplicates = new HashMap<>();
        Epoch fence = Epoch.NONE;

        @Nullable
        String stop;

        final Map<String, String> turns = new HashMap<>();
    }

    /** From now on every call fails as if Redis did not answer, or works again. */
    public void away(boolean isAway) {
        away = isAway;
    }

    /** Takes the stamped message that a consumer would get next. */
    public synchronized Optional<byte[]> consume(Workload workload) {
        return Optional.ofNullable(side(workload).list.pollFirst());
    }

    /** Keys in the legacy list, the next to be consumed first. */
    public synchronized List<ItemKey> waiting(Workload workload) {
        return side(workload).list.stream()
                .map(message -> Stamp.split(message).stamp().orElseThrow().key())
                .toList();
    }

    /** Stamps in the legacy list, the next to be consumed first. */
    public synchronized List<Stamp> waitingStamps(Workload workload) {
        return side(workload).list.stream()
                .map(message -> Stamp.split(message).stamp().orElseThrow())
                .toList();
    }

    @Override
    public synchronized Registration acceptOnLegacy(Item item, RouteDecision decision) {
        Side side = side(item.workload());
        return duplicate(side, item.key()).orElseGet(() -> {
            enter(side, item, decision);
            side.list.addLast(item.stamp(decision).appendTo(item.message()));
            return new Registration.Registered();
        });
    }

    @Override
    public synchronized Registration register(Item item, RouteDecision decision) {
        Side side = side(item.workload());
        if (decision.epoch().isBefore(side.fence) || side.stop != null) {
            return new Fenced(side.fence);
        }
        return duplicate(side, item.key()).orElseGet(() -> {
            enter(side, item, decision);
            side.registry.put(item.key(), item.stamp(decision).appendTo(item.message()));
            return new Registration.Registered();
        });
    }

    @Override
    public synchronized boolean handToLegacy(Workload workload, ItemKey key, Reason reason) {
        Side side = side(workload);
        byte[] stamped = side.registry.remove(key);
        if (stamped == null) {
            return false;
        }
        Stamp.Stamped taken = Stamp.split(stamped);
        Stamp stamp = taken.stamp().orElseThrow();
        RouteDecision diverted = stamp.decision().divertedToLegacy(reason);
        side.list.addFirst(stamp.withDecision(diverted).appendTo(taken.message()));
        side.book.put(key, new Entry(key, Route.LEGACY, diverted.epoch(), stamp.acceptedAt()));
        return true;
    }

    @Override
    public synchronized void settle(Workload workload, Collection<ItemKey> keys) {
        Side side = side(workload);
        keys.forEach(side.book::remove);
        keys.forEach(side.registry::remove);
    }

    @Override
    public synchronized Optional<Entry> find(Workload workload, ItemKey key) {
        return Optional.ofNullable(side(workload).book.get(key));
    }

    @Override
    public synchronized List<Entry> ofSubject(Workload workload, String subjectKey) {
        return side(workload).book.values().stream()
                .filter(entry -> entry.key().subjectKey().equals(subjectKey))
                .toList();
    }

    @Override
    public synchronized List<Registered> registered(
            Workload workload, Instant acceptedBefore, Optional<Registered> after, int limit) {
        Side side = side(workload);
        var byAge = Comparator.comparing(Registered::acceptedAt).thenComparing(Registered::key);
        return side.registry.keySet().stream()
                .map(key -> Objects.requireNonNull(side.book.get(key)))
                .map(entry -> new Registered(entry.key(), entry.acceptedAt()))
                .filter(entry -> entry.acceptedAt().isBefore(acceptedBefore))
                .filter(entry -> after.isEmpty() || byAge.compare(entry, after.get()) > 0)
                .sorted(byAge)
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized Optional<byte[]> message(Workload workload, ItemKey key) {
        return Optional.ofNullable(side(workload).registry.get(key));
    }

    @Override
    public synchronized Counts counts(Workload workload) {
        Census census = census(workload);
        return new Counts(
                census.book().size(),
                census.registry().size(),
                census.waiting(),
                census.processing(),
                census.oldestWaiting(),
                registered(workload, Instant.MAX, Optional.empty(), 1).stream()
                        .map(Registered::acceptedAt)
                        .findFirst(),
                census.doorDuplicates(),
                Optional.empty());
    }

    /** Its leases last until they are given back. */
    @Override
    public synchronized boolean takeTurn(Workload workload, String chore, String turn, Duration lease) {
        Map<String, String> turns = side(workload).turns;
        if (!turn.equals(turns.getOrDefault(chore, turn))) {
            return false;
        }
        if (lease.isZero()) {
            turns.remove(chore);
        } else {
            turns.put(chore, turn);
        }
        return true;
    }

    @Override
    public synchronized Census census(Workload workload) {
        Side side = side(workload);
        Optional<Instant> oldest = Optional.ofNullable(side.list.peekFirst())
                .map(message -> Stamp.split(message).stamp().orElseThrow().acceptedAt());
        return new Census(
                Map.copyOf(side.book),
                Set.copyOf(side.registry.keySet()),
                side.list.size(),
                0,
                oldest,
                Map.copyOf(side.duplicates));
    }

    @Override
    public synchronized void raiseFence(Workload workload, Epoch fence) {
        Side side = side(workload);
        if (side.fence.isBefore(fence)) {
            side.fence = fence;
        }
    }

    @Override
    public synchronized Epoch fence(Workload workload) {
        return side(workload).fence;
    }

    @Override
    public synchronized void orderStop(Workload workload, String order) {
        side(workload).stop = order;
    }

    @Override
    public synchronized Optional<String> stopOrder(Workload workload) {
        return Optional.ofNullable(side(workload).stop);
    }

    @Override
    public synchronized boolean liftStop(Workload workload, String order) {
        boolean stands = order.equals(side(workload).stop);
        if (stands) {
            side(workload).stop = null;
        }
        return stands;
    }

    @Override
    public synchronized Set<ItemKey> presentOnLegacy(Workload workload, Set<ItemKey> keys) {
        Set<ItemKey> present = new HashSet<>(waiting(workload));
        return keys.stream().filter(present::contains).collect(Collectors.toSet());
    }

    private static Optional<Registration> duplicate(Side side, ItemKey key) {
        Entry entry = side.book.get(key);
        if (entry == null) {
            return Optional.empty();
        }
        side.duplicates.merge(entry.route(), 1L, Long::sum);
        return Optional.of(new Duplicate(entry));
    }

    private static void enter(Side side, Item item, RouteDecision decision) {
        side.book.put(item.key(), new Entry(item.key(), decision.executed(), decision.epoch(), item.acceptedAt()));
    }

    private Side side(Workload workload) {
        if (away) {
            throw new UnavailableException(
                    "Redis is away", Duration.ofSeconds(1), new IllegalStateException("switched off by the test"));
        }
        return sides.computeIfAbsent(workload, first -> new Side());
    }
}
