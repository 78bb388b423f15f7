package dev.shunt.comparison.gates;

import dev.shunt.comparison.GateQuestion;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How far a rollout was read, and what came out of it: all that another instance needs to go on. */
final class Progress {

    final String rollout;
    String phase;
    int basisPoints;
    Control control;
    final Tally tally;
    final Map<String, Double> peaks;
    /** Everything stored before it was read. */
    Instant cursor;

    long verified;
    Instant verifiedUntil;
    /** Which items were counted before it was kept; null once it is known, and from the beginning. */
    @Nullable
    Recall recall;
    /**
     * When the newest row that was seen was written; null: none was yet. Kept, as who takes over in quiet traffic finds no
     * row where it looks, and must not take that for silence since the phase began.
     */
    @Nullable
    Instant newest;

    private Progress(GateQuestion question, Facts kept) {
        this.rollout = question.rollout();
        this.phase = kept.text("phase", question.phase());
        this.basisPoints = kept.has("basisPoints")
                ? (int) kept.count("basisPoints")
                : question.percentage().basisPoints();
        this.control = Control.of(GateJson.map(kept.values().get("control")));
        this.cursor =
                Instant.parse(kept.text("cursor", question.rolloutStartedAt().toString()));
        this.verified = kept.count("verified");
        this.verifiedUntil = Instant.parse(
                kept.text("verifiedUntil", question.rolloutStartedAt().toString()));
        Instant phaseStartedAt = Instant.parse(
                kept.text("phaseStartedAt", question.phaseStartedAt().toString()));
        this.newest = kept.has("newest") ? Instant.parse(kept.text("newest", "")) : null;
        this.tally = new Tally(control.terms(phaseStartedAt, alone(question), question.gates()), kept);
        this.peaks = new HashMap<>();
        GateJson.map(kept.values().get("peaks"))
                .forEach((gate, peak) -> peaks.put(gate, peak instanceof Number number ? number.doubleValue() : 0.0));
    }

    /** From the beginning of the rollout. */
    static Progress begin(GateQuestion question) {
        return new Progress(question, new Facts());
    }

    static Progress resume(GateQuestion question, String kept) {
        var facts = new Facts(GateJson.read(kept));
        var progress = new Progress(question, facts);
        progress.recall = Recall.of(new Facts(GateJson.map(facts.values().get("recall"))), progress.cursor);
        return progress;
    }

    /** @param counted which items were counted last */
    String keep(Recall counted) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("phase", phase);
        values.put("phaseStartedAt", tally.terms().startedAt().toString());
        values.put("basisPoints", basisPoints);
        values.put("control", control.values());
        values.put("cursor", cursor.toString());
        values.put("recall", counted.values());
        if (newest != null) {
            values.put("newest", newest.toString());
        }
        values.put("verified", verified);
        values.put("verifiedUntil", verifiedUntil.toString());
        values.put("peaks", peaks);
        values.putAll(tally.values());
        return GateJson.write(values);
    }

    /** Whether it is asked about a phase before the one that was followed last. */
    boolean isOver(GateQuestion question) {
        return question.phaseStartedAt().isBefore(tally.terms().startedAt());
    }

    /** Whether it is asked about what is followed. */
    boolean follows(GateQuestion question) {
        return rollout.equals(question.rollout())
                && phase.equals(question.phase())
                && tally.terms().startedAt().equals(question.phaseStartedAt());
    }

    /** Goes on to the phase that is asked about, if it is another one; not to one that {@link #isOver}. */
    void follow(GateQuestion question) {
        if (follows(question)) {
            return;
        }
        if (basisPoints > 0 && basisPoints <= 10_000 - Control.LEAST_LEGACY) {
            control = new Control(phase, tally.counts());
        }
        phase = question.phase();
        basisPoints = effective(question);
        tally.begin(control.terms(question.phaseStartedAt(), alone(question), question.gates()));
    }

    /** What is left of the percentage when something is held back. */
    static int effective(GateQuestion question) {
        return Math.min(
                question.percentage().basisPoints(),
                10_000 - question.holdback().basisPoints());
    }

    static boolean alone(GateQuestion question) {
        return effective(question) > 10_000 - Control.LEAST_LEGACY;
    }
}
