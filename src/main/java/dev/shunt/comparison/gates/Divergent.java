package dev.shunt.comparison.gates;

import dev.shunt.comparison.GateQuestion;
import dev.shunt.core.Workload;
import dev.shunt.store.GateDoubts;
import dev.shunt.store.GateDoubts.OfNoItem;
import dev.shunt.store.GateReads;
import dev.shunt.store.GateReads.Differing;
import dev.shunt.store.GateReads.Pairs;
import dev.shunt.store.GateReads.Scope;
import dev.shunt.store.WatchPasses;
import dev.shunt.store.WatchPasses.Last;
import dev.shunt.store.WatchPasses.Pass;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the gate divergence is judged from; counted anew only now and then. */
final class Divergent {

    /** A stored item that nobody verified for so long says that nobody verifies. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final int NAMED = 3;

    private final GateReads reads;
    private final GateDoubts doubts;
    private final WatchPasses passes;
    private final Duration pause;
    private @Nullable Instant readAt;
    private Facts newest = new Facts();

    Divergent(GateReads reads, GateDoubts doubts, WatchPasses passes, Duration pause) {
        this.reads = reads;
        this.doubts = doubts;
        this.passes = passes;
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
        Workload workload = question.workload();
        Instant since = question.rolloutStartedAt();
        // items show as verified when that commits, which is later than the time in their rows
        Instant until = now.minusSeconds(5);
        if (until.isAfter(progress.verifiedUntil)) {
            progress.verified += reads.verified(scope, progress.verifiedUntil, until);
            progress.verifiedUntil = until;
        }
        Differing verified = reads.differingVerified(scope, progress.verifiedUntil);
        Differing found = reads.differingPairs(scope);
        Pairs pairs = reads.pairs(workload, since);
        // what a pair differs in is written at once, that it was compared a little later
        long differingPairs = Math.min(found.counted(), pairs.differing());
        OfNoItem ofNoItem = doubts.ofNoItem(workload, since, NAMED);
        return new Facts()
                .with("pairs", pairs.compared())
                .with("differingPairs", differingPairs)
                .with("otherDifferingPairs", found.others() + found.counted() - differingPairs)
                .with("pairsWithoutResult", doubts.pairsWithoutResult(workload, since))
                .with("verified", progress.verified)
                .with("differingVerified", verified.counted())
                .with("otherDifferingVerified", verified.others())
                .with("ofNoItem", ofNoItem.divergences())
                .with("ofNoItemBack", ofNoItem.back() == 0 ? null : ofNoItem.back())
                .with("groups", ofNoItem.groups() == 0 ? null : names(ofNoItem))
                .with("comparatorStale", stale(workload, now));
    }

    private static String names(OfNoItem ofNoItem) {
        String named = ofNoItem.largest().stream()
                .map(group -> group.name() + " (" + Words.count(group.divergences()) + ")")
                .collect(Collectors.joining(", "));
        int more = ofNoItem.groups() - ofNoItem.largest().size();
        return more == 0 ? named : named + " and " + Words.count(more) + " more";
    }

    /** Why nobody can say whether something differs; null if one can. */
    private @Nullable String stale(Workload workload, Instant now) {
        Instant waiting = reads.unverifiedSince(workload).orElse(now);
        if (Duration.between(waiting, now).compareTo(PATIENCE) > 0) {
            return "the comparator has not verified what was stored since " + waiting;
        }
        Map<Pass, Last> last = passes.last(workload);
        String check = stale(last.get(Pass.CHECK), "the check of stored items against their input");
        return check == null ? stale(last.get(Pass.CONSERVATION), "the look for missing items") : check;
    }

    private static @Nullable String stale(@Nullable Last pass, String what) {
        if (pass == null) {
            return what + " has not come to its end yet";
        }
        return pass.fresh() ? null : what + " has not come to its end since " + pass.at();
    }
}
