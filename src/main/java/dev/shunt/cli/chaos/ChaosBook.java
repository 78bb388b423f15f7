package dev.shunt.cli.chaos;

import dev.shunt.cli.DemoTrace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What one round sent and what was answered. Each distinct body is one item; a trace can be of several. */
final class ChaosBook {

    private final Map<String, List<DemoTrace>> sent = new LinkedHashMap<>();
    private final Set<DemoTrace> accepted = new HashSet<>();
    private final List<byte[]> poison = new ArrayList<>();
    private final ConcurrentLinkedQueue<String> complaints = new ConcurrentLinkedQueue<>();

    synchronized void sending(DemoTrace item) {
        sent.computeIfAbsent(item.id(), id -> new ArrayList<>()).add(item);
    }

    synchronized void accepted(DemoTrace item) {
        accepted.add(item);
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
        return accepted.contains(item);
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
