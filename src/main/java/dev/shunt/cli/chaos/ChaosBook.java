package dev.shunt.cli.chaos;

import dev.shunt.cli.DemoTrace;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What one round sent and what was answered. Each distinct body is one item; a trace can be of several. */
final class ChaosBook {

    private final Map<String, List<DemoTrace>> sent = new LinkedHashMap<>();
    private final IdentityHashMap<DemoTrace, Instant> accepted = new IdentityHashMap<>();
    private final List<byte[]> poison = new ArrayList<>();
    private final ConcurrentLinkedQueue<String> complaints = new ConcurrentLinkedQueue<>();

    synchronized void sending(DemoTrace item) {
        sent.computeIfAbsent(item.id(), id -> new ArrayList<>()).add(item);
    }

    synchronized void accepted(DemoTrace item) {
        accepted.putIfAbsent(item, Instant.now());
    }

    /** A message that can only become a dead letter. */
    synchronized void poisoned(byte[] message) {
        poison.add(message);
    }

    void complain(String complaint) {
        complaints.add(complaint);
    }

    synchronized boolean isPoison(byte[] message) {
        return poison.stream().anyMatch(sentOnce -> Arrays.equals(sentOnce, message));
    }

    synchronized boolean isAccepted(DemoTrace item) {
        return accepted.containsKey(item);
    }

    /** When it was answered; only for what was. */
    synchronized Instant acceptedAt(DemoTrace item) {
        return Objects.requireNonNull(accepted.get(item), item.id());
    }

    synchronized Map<String, List<DemoTrace>> traces() {
        return new LinkedHashMap<>(sent);
    }

    synchronized int items() {
        return sent.values().stream().mapToInt(List::size).sum();
    }

    synchronized int acceptedItems() {
        return accepted.size();
    }

    synchronized List<byte[]> poison() {
        return List.copyOf(poison);
    }

    List<String> complaints() {
        return List.copyOf(complaints);
    }
}
