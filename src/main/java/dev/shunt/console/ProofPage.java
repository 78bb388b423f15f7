package dev.shunt.console;

import dev.shunt.console.Figure.Look;
import dev.shunt.core.Epoch;
import dev.shunt.rollout.RollbackProof;
import dev.shunt.rollout.RollbackProof.Obedience;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The proof of a rollback in words. Public for the template engine.
 *
 * @param mood good when it is complete, else open
 * @param words how far it has come, in one sentence
 * @param states what the items in flight are at; empty if none is, or nothing is known
 */
public record ProofPage(
        boolean complete,
        String mood,
        String words,
        String ordered,
        String reason,
        String fence,
        String inFlight,
        List<String> states,
        List<Line> instances,
        List<String> notes) {

    /** What one instance does. */
    public record Line(String instance, String epoch, String state, String since) {}

    /** Empty if there was never a rollback; what is not known says so. */
    static Optional<ProofPage> of(Look<Optional<RollbackProof>> look, Instant now) {
        Optional<RollbackProof> found = look.value();
        if (found == null || found.isEmpty()) {
            return Optional.empty();
        }
        RollbackProof proof = found.get();
        List<String> notes = new ArrayList<>(proof.notes());
        String trouble = PageWords.trouble(look);
        if (!trouble.isEmpty()) {
            notes.addFirst(trouble);
        }
        proof.supersededBy().ifPresent(epoch -> notes.add("the percentage was raised again since, by epoch " + epoch));
        boolean complete = proof.completedAt().isPresent();
        return Optional.of(new ProofPage(
                complete,
                complete ? "good" : "open",
                words(proof, now),
                PageWords.time(proof.orderedAt()) + " by " + proof.orderedBy(),
                proof.reason(),
                fence(proof),
                inFlight(proof),
                new TreeMap<>(proof.states())
                        .entrySet().stream()
                                .map(state -> ReportPage.number(state.getValue()) + " "
                                        + state.getKey().name().toLowerCase(Locale.ROOT))
                                .toList(),
                proof.instances().stream().map(ProofPage::line).toList(),
                notes));
    }

    private static String words(RollbackProof proof, Instant now) {
        return proof.completedAt()
                .map(at -> "Complete at " + PageWords.time(at) + ", took "
                        + PageWords.millis(proof.took().orElseThrow()))
                .orElseGet(() -> {
                    String words = proof.words();
                    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1) + ", "
                            + PageWords.duration(java.time.Duration.between(proof.orderedAt(), now))
                            + " after the order";
                });
    }

    private static String fence(RollbackProof proof) {
        String raised = proof.fencedAt()
                .map(at -> "raised, seen at " + PageWords.time(at))
                .orElse("not seen yet");
        return proof.fence()
                .map(Epoch::toString)
                .map(epoch -> raised + "; Redis has epoch " + epoch)
                .orElse(raised);
    }

    private static String inFlight(RollbackProof proof) {
        String left = proof.remaining().isPresent()
                ? ReportPage.number(proof.remaining().getAsLong()) + " on Temporal now"
                : "not known: Redis is away";
        String first = proof.atFirst().isPresent()
                ? ", " + ReportPage.number(proof.atFirst().getAsLong()) + " when it began"
                : "";
        String recalled =
                proof.recalled() == 0 ? "" : ", " + ReportPage.number(proof.recalled()) + " recalled to legacy";
        return left + first + recalled + "; policy: " + proof.policy();
    }

    private static Line line(Obedience one) {
        String state = switch (one.standing()) {
            case OBEYS -> "obeys";
            case LAGGARD ->
                "does not obey yet; its lease ends "
                        + PageWords.time(one.leaseEndsAt().orElse(null));
            case LEASE_ENDED -> "its lease has ended: it routes to legacy by itself";
            case LEFT -> "has stopped";
        };
        return new Line(
                one.instance(),
                one.epoch().toString(),
                state,
                time(one.acknowledgedAt().orElse(null)));
    }

    private static String time(@Nullable Instant at) {
        return PageWords.time(at);
    }
}
