package dev.shunt.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What the demo itself knows: what it sent, and what was answered. Shunt's own books are checked against it. */
final class Book {

    private final Map<String, List<DemoTrace>> sent = new LinkedHashMap<>();
    private final IdentityHashMap<DemoTrace, Boolean> accepted = new IdentityHashMap<>();
    private final AtomicInteger repeats = new AtomicInteger();
    private final Set<String> complaints = ConcurrentHashMap.newKeySet();

    /** Called by the one thread that makes the traces. */
    synchronized void sending(DemoTrace trace) {
        sent.computeIfAbsent(trace.id(), id -> new ArrayList<>()).add(trace);
    }

    /** The service or the list has taken it: from here on it may not be lost. */
    synchronized void accepted(DemoTrace trace) {
        if (accepted.put(trace, true) != null) {
            repeats.incrementAndGet();
        }
    }

    /** Something was answered that must never be. */
    void complain(String complaint) {
        complaints.add(complaint);
    }

    synchronized List<DemoTrace> of(Phase phase) {
        return sent.values().stream()
                .flatMap(List::stream)
                .filter(trace -> trace.phase().equals(phase))
                .toList();
    }

    synchronized boolean knows(String traceId) {
        return sent.containsKey(traceId);
    }

    synchronized List<DemoTrace> acceptedTraces() {
        return sent.values().stream()
                .flatMap(List::stream)
                .filter(accepted::containsKey)
                .toList();
    }

    /** All requests that were sent for one trace. */
    synchronized List<DemoTrace> bodies(String traceId) {
        return List.copyOf(sent.getOrDefault(traceId, List.of()));
    }

    synchronized boolean isAccepted(DemoTrace trace) {
        return accepted.containsKey(trace);
    }

    /** How many traces were taken a second time. */
    int repeats() {
        return repeats.get();
    }

    Collection<String> complaints() {
        return complaints;
    }
}
