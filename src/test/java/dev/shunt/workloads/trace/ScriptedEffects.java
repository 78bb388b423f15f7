package dev.shunt.workloads.trace;

import dev.shunt.core.DeadLetters;
import dev.shunt.core.Delivery;
import dev.shunt.core.ItemHandler.Outcome;
import dev.shunt.core.ItemKey;
import dev.shunt.core.UnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** Effects and dead letters whose next answers a test sets; everything that is asked of them is remembered in order. */
final class ScriptedEffects implements TraceEffects, DeadLetters {

    final List<String> steps = new CopyOnWriteArrayList<>();
    final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
    final List<DeadLetter> letters = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<Supplier<Outcome>> persists = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<RuntimeException> later = new ConcurrentLinkedQueue<>();

    ScriptedEffects thenPersist(Outcome outcome) {
        persists.add(() -> outcome);
        return this;
    }

    ScriptedEffects thenPersistFails(int times) {
        for (int i = 0; i < times; i++) {
            persists.add(() -> {
                throw away();
            });
        }
        return this;
    }

    /** A fault that nobody has foreseen. */
    ScriptedEffects thenPersistBreaks(int times) {
        for (int i = 0; i < times; i++) {
            persists.add(() -> {
                throw new IllegalStateException("unforeseen");
            });
        }
        return this;
    }

    /** The next calls of the steps after persist fail. */
    ScriptedEffects thenLaterStepsFail(int times) {
        for (int i = 0; i < times; i++) {
            later.add(away());
        }
        return this;
    }

    @Override
    public Outcome persist(Delivery delivery) {
        steps.add("persist");
        deliveries.add(delivery);
        Supplier<Outcome> next = persists.poll();
        return next == null ? new Outcome.Stored(false) : next.get();
    }

    @Override
    public void priceSpans(ItemKey key) {
        step("price");
    }

    @Override
    public void summariseSpans(ItemKey key, int temporalActions) {
        step("summarise");
    }

    @Override
    public void record(DeadLetter letter) {
        step("bury");
        letters.add(letter);
    }

    private void step(String name) {
        steps.add(name);
        RuntimeException fault = later.poll();
        if (fault != null) {
            throw fault;
        }
    }

    private static UnavailableException away() {
        return new UnavailableException(
                "Postgres is away", Duration.ofSeconds(1), new IllegalStateException("scripted by the test"));
    }
}
