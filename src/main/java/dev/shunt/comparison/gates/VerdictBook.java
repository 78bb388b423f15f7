package dev.shunt.comparison.gates;

import dev.shunt.comparison.GateFinding;
import dev.shunt.comparison.GateOutcome;
import dev.shunt.comparison.Verdict;
import dev.shunt.core.Epoch;
import dev.shunt.core.Seldom;
import dev.shunt.core.UnavailableException;
import dev.shunt.store.GateRecords;
import dev.shunt.store.GateRecords.Kept;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which verdicts are kept, and keeping them: on a thread of its own, so that who judges never waits for Postgres. What
 * Postgres does not take now waits, the newest thousand.
 */
final class VerdictBook {

    private static final Logger log = LoggerFactory.getLogger(VerdictBook.class);
    private static final Duration AT_LEAST = Duration.ofMinutes(1);
    private static final int MOST_WAITING = 1_000;
    private static final int REMEMBERED = 100;

    private final GateRecords records;
    private final GateRecords readers;
    private final Deque<Kept> waiting = new ArrayDeque<>();
    private final Map<String, Seen> last = new HashMap<>();
    private final Seldom failing = new Seldom();
    private final Map<String, Verdict> recent = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Verdict> eldest) {
            return size() > REMEMBERED;
        }
    };

    private record Seen(List<String> outcomes, Instant keptAt) {}

    VerdictBook(GateRecords records) {
        this(records, records);
    }

    /** @param readers the same records, for those who ask for a verdict */
    VerdictBook(GateRecords records, GateRecords readers) {
        this.records = records;
        this.readers = readers;
    }

    /** Keeps it if it says something new, or a minute has passed. */
    synchronized void made(Verdict verdict) {
        recent.put(verdict.id(), verdict);
        List<String> outcomes = verdict.findings().stream()
                .map(finding -> finding.gate() + "=" + finding.outcome())
                .toList();
        Seen before = last.get(verdict.rollout() + " " + verdict.phase());
        if (before == null
                || !before.outcomes().equals(outcomes)
                || Duration.between(before.keptAt(), verdict.at()).compareTo(AT_LEAST) >= 0) {
            last.put(verdict.rollout() + " " + verdict.phase(), new Seen(outcomes, verdict.at()));
            keep(verdict, false);
        }
    }

    synchronized void keep(Verdict verdict, boolean decisive) {
        if (waiting.size() >= MOST_WAITING && !waiting.removeIf(kept -> !kept.decisive())) {
            waiting.removeFirst();
        }
        waiting.addLast(new Kept(
                verdict.id(),
                verdict.workload(),
                verdict.rollout(),
                verdict.phase(),
                verdict.epoch().value(),
                verdict.at(),
                verdict.outcome().name(),
                decisive,
                GateJson.findings(verdict.findings())));
    }

    /** Writes what waits; what Postgres does not take waits on. */
    void write() {
        while (true) {
            Kept next;
            synchronized (this) {
                next = waiting.peekFirst();
            }
            if (next == null) {
                return;
            }
            try {
                records.keep(next);
            } catch (UnavailableException away) {
                failing.log(more -> log.warn(
                        "Verdict {} of {} cannot be kept now; it is tried again: {}",
                        next.id(),
                        next.workload(),
                        away.getMessage()));
                return;
            }
            synchronized (this) {
                waiting.remove(next);
            }
        }
    }

    /** As its row says; where it has none, or none that can be read now, as it was made here not long ago. */
    Optional<Verdict> find(String id) {
        Optional<Verdict> made;
        synchronized (this) {
            made = Optional.ofNullable(recent.get(id));
        }
        try {
            return readers.find(id).map(VerdictBook::verdict).or(() -> made);
        } catch (UnavailableException away) {
            return Optional.of(made.orElseThrow(() -> away));
        }
    }

    Optional<Verdict> latest(String rollout) {
        return readers.latest(rollout).map(VerdictBook::verdict);
    }

    private static Verdict verdict(Kept kept) {
        List<GateFinding> findings = GateJson.findings(kept.findings());
        return new Verdict(
                kept.id(),
                kept.workload(),
                kept.rollout(),
                kept.phase(),
                new Epoch(kept.epoch()),
                kept.at(),
                GateOutcome.valueOf(kept.outcome()),
                findings);
    }
}
