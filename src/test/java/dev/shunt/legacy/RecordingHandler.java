package dev.shunt.legacy;

import dev.shunt.core.Delivery;
import dev.shunt.core.ItemHandler;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Stamp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/** A store in memory: first delivery of a key wins; what happens before that is the test's to say. */
final class RecordingHandler implements ItemHandler {

    private final Map<ItemKey, Delivery> stored = new LinkedHashMap<>();
    private final List<List<Delivery>> groups = new ArrayList<>();
    private final List<Delivery> repeated = new ArrayList<>();
    private volatile Consumer<List<Delivery>> before = group -> {};

    /** Runs before each group is stored; may throw or wait. */
    void before(Consumer<List<Delivery>> action) {
        before = action;
    }

    @Override
    public List<Outcome> handle(List<Delivery> group) {
        before.accept(group);
        synchronized (this) {
            groups.add(List.copyOf(group));
            return group.stream().map(this::store).toList();
        }
    }

    private Outcome store(Delivery delivery) {
        if (delivery.key().subject().startsWith("reject")) {
            return new Outcome.Rejected("id says so");
        }
        Delivery first = stored.putIfAbsent(delivery.key(), delivery);
        if (first == null) {
            return new Outcome.Stored(delivery.key().subject().startsWith("pending"));
        }
        repeated.add(delivery);
        return first.deliveryId().equals(delivery.deliveryId()) ? new Outcome.Replayed() : new Outcome.Duplicate();
    }

    synchronized List<String> ids() {
        return stored.keySet().stream().map(ItemKey::subject).toList();
    }

    synchronized Map<ItemKey, Delivery> stored() {
        return new LinkedHashMap<>(stored);
    }

    /** How the delivery was stamped that was stored. */
    synchronized Stamp stampOf(ItemKey key) {
        return Objects.requireNonNull(stored.get(key), () -> key + " is not stored")
                .stamp();
    }

    synchronized List<List<Delivery>> groups() {
        return List.copyOf(groups);
    }

    synchronized List<Delivery> repeated() {
        return List.copyOf(repeated);
    }
}
