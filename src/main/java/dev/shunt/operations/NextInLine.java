package dev.shunt.operations;

import dev.shunt.core.InFlight.Counts;
import dev.shunt.core.Workload;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Since when the list's next message is the same, for messages that do not say when they were accepted: producers that push
 * by themselves leave no time. It is a lower bound of how long the message has waited, from the first look of this instance.
 */
final class NextInLine {

    private final Map<Workload, Seen> seen = new ConcurrentHashMap<>();

    private record Seen(String message, long waiting, Instant since) {

        /** Equal messages may follow one another; a list that is drained gets shorter at some look. */
        boolean stands(String next, long length) {
            return message.equals(next) && length >= waiting;
        }
    }

    void look(Workload workload, Counts counts, Instant now) {
        if (counts.undated().isEmpty()) {
            seen.remove(workload);
            return;
        }
        String next = counts.undated().get();
        Seen before = seen.get(workload);
        Instant since = before != null && before.stands(next, counts.waiting()) ? before.since() : now;
        seen.put(workload, new Seen(next, counts.waiting(), since));
    }

    void forget(Workload workload) {
        seen.remove(workload);
    }

    /** Empty if there is no such message. */
    Optional<Instant> since(Workload workload) {
        return Optional.ofNullable(seen.get(workload)).map(Seen::since);
    }
}
