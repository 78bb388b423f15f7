package dev.shunt.comparison.gates;

import dev.shunt.comparison.GateQuestion;
import dev.shunt.store.GateReads;
import dev.shunt.store.GateReads.Scope;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What the gate divergence is judged from; counted anew only now and then. */
final class Divergent {

    /** A stored item that nobody verified for so long says that nobody verifies. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final GateReads reads;
    private final Duration pause;
    private @Nullable Instant readAt;
    private Facts newest = new Facts();

    Divergent(GateReads reads, Duration pause) {
        this.reads = reads;
        this.pause = pause;
    }

    /** Adds what is known to the facts. */
    void add(Facts facts, Progress progress, Scope scope, GateQuestion question, Instant now) {
        Instant before = readAt;
        if (before == null || Duration.between(before, now).abs().compareTo(pause) >= 0) {
            newest = read(progress, scope, question);
            readAt = now;
        }
        newest.values().forEach(facts::with);
    }

    private Facts read(Progress progress, Scope scope, GateQuestion question) {
        Instant now = progress.cursor;
        // items are marked as verified by another clock, and show when that commits
        Instant until = now.minusSeconds(5);
        if (until.isAfter(progress.verifiedUntil)) {
            progress.verified += reads.verified(scope, progress.verifiedUntil, until);
            progress.verifiedUntil = until;
        }
        long pairs = reads.pairs(question.workload(), question.rolloutStartedAt());
        long compared = Math.max(pairs, progress.verified);
        long differing = reads.differing(question.workload(), question.rolloutStartedAt());
        var facts = new Facts()
                .with("compared", Math.max(compared, differing))
                .with("differing", differing)
                .with(
                        "basis",
                        pairs > progress.verified
                                ? "shadow pairs"
                                : "items on Temporal that were verified against their input");
        reads.unverifiedSince(question.workload())
                .filter(since -> Duration.between(since, now).compareTo(PATIENCE) > 0)
                .ifPresent(
                        since -> facts.with("stale", "the comparator has not verified what was stored since " + since));
        return facts;
    }
}
