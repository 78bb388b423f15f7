package dev.shunt.cli.chaos;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a round can show for its fault: how often it was done, and where it struck. A round that cannot is no success. */
final class Evidence {

    private final Map<String, Integer> counts = new LinkedHashMap<>();
    private final List<String> complaints = new ArrayList<>();
    private final List<Closed> closed = new ArrayList<>();
    private final Set<String> heldKeys = new TreeSet<>();
    private int times;

    /** A span of time in which nothing may have been accepted for Temporal. */
    record Closed(Instant from, Instant to) {}

    void done() {
        times++;
    }

    int times() {
        return times;
    }

    /** Counts something that must have happened at least once by the end. */
    void expect(String what) {
        counts.putIfAbsent(what, 0);
    }

    void count(String what, int more) {
        counts.merge(what, more, Integer::sum);
    }

    void complain(String complaint) {
        complaints.add(complaint);
    }

    void closed(Instant from, Instant to) {
        if (from.isBefore(to)) {
            closed.add(new Closed(from, to));
        }
    }

    void held(Set<String> keys) {
        heldKeys.addAll(keys);
    }

    List<Closed> closed() {
        return closed;
    }

    Set<String> heldKeys() {
        return heldKeys;
    }

    /** What is missing, and what was wrong; empty if the round was what it claims to be. */
    List<String> complaints() {
        List<String> all = new ArrayList<>(complaints);
        if (times == 0) {
            all.add("the fault never happened");
        }
        counts.forEach((what, count) -> {
            if (count == 0) {
                all.add("never seen: " + what);
            }
        });
        return all;
    }

    /** For the round's line; empty if there is no more to say than how often. */
    String text() {
        List<String> parts = new ArrayList<>();
        counts.forEach((what, count) -> parts.add(what + " " + count));
        return String.join(", ", parts);
    }
}
