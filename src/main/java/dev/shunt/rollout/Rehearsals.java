package dev.shunt.rollout;

import dev.shunt.core.Epoch;
import dev.shunt.core.Instance;
import dev.shunt.core.Percentage;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.routing.Router;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rehearses the rollback under live traffic: back to legacy, until it is complete, and to the percentage of before. It is
 * a real rollback in every respect; whatever goes wrong leaves the flag at 0, where it is safe.
 */
public final class Rehearsals {

    private static final Logger log = LoggerFactory.getLogger(Rehearsals.class);
    private static final long LOOK_AGAIN_MS = 100;
    private static final Duration SPARE = Duration.ofSeconds(30);

    private final RehearsalStore store;
    private final Orders orders;
    private final RollbackProofs proofs;
    private final List<Objection> objections;
    private final Router router;
    private final Instance instance;
    private final Duration patience;

    /** What a rehearsal orders. */
    interface Orders {

        /** @throws UnavailableException if Postgres is away */
        Standing standing(Workload workload);

        /** Why a rollback would leave the items nowhere; empty if it would not. */
        Optional<String> nowhereToGo(Workload workload);

        /** @throws UnavailableException if Postgres is away */
        RolloutControl.Change latest(Workload workload);

        Rollback rollback(Workload workload, Actor actor, String reason);

        /**
         * Puts flag and rollout back to where they stood before a rehearsal, if the flag still is as the rehearsal left it.
         * Returns once every live instance obeys it, or after 2 s.
         *
         * @return the version that carries it; empty if somebody else changed the flag meanwhile
         */
        Optional<Epoch> restore(Standing before, Actor actor, String reason, Epoch expected);
    }

    /** A reason not to rehearse now, for example a gate that fails. */
    public interface Objection {
        Optional<String> to(Workload workload);
    }

    /** @param patience how long it may take until nothing is in flight */
    Rehearsals(
            RehearsalStore store,
            Orders orders,
            RollbackProofs proofs,
            List<Objection> objections,
            Router router,
            Instance instance,
            Duration patience) {
        this.store = store;
        this.orders = orders;
        this.proofs = proofs;
        this.objections = List.copyOf(objections);
        this.router = router;
        this.instance = instance;
        this.patience = patience;
    }

    /** What became of an order to rehearse. */
    public sealed interface Answer {

        record Done(Rehearsal rehearsal) implements Answer {}

        /** Nothing was done. */
        record Refused(String why) implements Answer {}

        /** Nothing was done: another version of the flag is in force. */
        record Overtaken(RolloutControl.Change theirs) implements Answer {}
    }

    /**
     * Takes as long as the rollback takes, a minute or so at most.
     *
     * @param expected rehearse only at this version of the flag; empty: at any
     * @throws UnavailableException if Postgres is away and nothing was done
     */
    public Answer run(Workload workload, Actor actor, String reason, Optional<Epoch> expected) {
        Standing before = orders.standing(workload);
        if (expected.isPresent() && !expected.get().equals(before.epoch())) {
            return new Answer.Overtaken(orders.latest(workload));
        }
        Optional<String> hindrance = hindrance(workload, before);
        if (hindrance.isPresent()) {
            return new Answer.Refused(hindrance.get());
        }
        Optional<String> id = store.begin(
                workload, actor, reason, instance.id(), before.effective(), before.epoch(), patience.plus(SPARE));
        if (id.isEmpty()) {
            return new Answer.Refused("a rehearsal of " + workload + " is running");
        }
        rehearse(id.get(), workload, actor, "rehearsal: " + reason, before);
        return new Answer.Done(store.find(workload, id.get()).orElseThrow());
    }

    /** Newest first. */
    public List<Rehearsal> latest(Workload workload, int limit) {
        return store.latest(workload, limit);
    }

    private Optional<String> hindrance(Workload workload, Standing before) {
        if (before.effective().equals(Percentage.ZERO)) {
            return Optional.of(workload + " is at 0 %: there is nothing to roll back");
        }
        Optional<String> nowhere = orders.nowhereToGo(workload);
        if (nowhere.isPresent()) {
            return nowhere;
        }
        if (!router.trustsFlag()) {
            return Optional.of("this instance cannot read the flag; rehearse when it can");
        }
        Optional<RollbackProof> last = proofs.last(workload);
        if (last.isPresent() && last.get().completedAt().isEmpty()) {
            return Optional.of("rollback " + last.get().id() + " is not complete: "
                    + last.get().words());
        }
        return objections.stream()
                .flatMap(objection -> objection.to(workload).stream())
                .findFirst();
    }

    private void rehearse(String id, Workload workload, Actor actor, String reason, Standing before) {
        try {
            Rollback rollback = orders.rollback(workload, actor, reason);
            Optional<Epoch> epoch = rollback.epoch();
            store.rolledBack(id, rollback.id());
            if (epoch.isEmpty()) {
                end(id, workload, Rehearsal.Outcome.FAILED, null, "stays at 0: the rollback could not be recorded");
                return;
            }
            String unfinished = awaitCompletion(workload, rollback.id());
            if (unfinished != null) {
                end(
                        id,
                        workload,
                        Rehearsal.Outcome.FAILED,
                        null,
                        "stays at 0: after " + patience.toSeconds() + " s the rollback was still " + unfinished);
                return;
            }
            Optional<Epoch> restored = orders.restore(before, actor, reason + ", and back", epoch.get());
            if (restored.isEmpty()) {
                end(
                        id,
                        workload,
                        Rehearsal.Outcome.FAILED,
                        null,
                        "complete, but not put back: somebody changed the flag meanwhile");
            } else {
                end(
                        id,
                        workload,
                        Rehearsal.Outcome.PASSED,
                        restored.get(),
                        "complete, and back at " + before.percentage());
            }
        } catch (RuntimeException fault) {
            log.warn("The rehearsal {} of {} went wrong; the flag stays at 0.", id, workload, fault);
            end(id, workload, Rehearsal.Outcome.FAILED, null, "stays at 0: " + fault.getMessage());
        }
    }

    /** @return what is still open when the time is over; null if it is complete */
    private @Nullable String awaitCompletion(Workload workload, String rollback) {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            Optional<RollbackProof> proof = proofs.find(workload, rollback);
            if (proof.isPresent() && proof.get().completedAt().isPresent()) {
                return null;
            }
            if (System.nanoTime() - end >= 0) {
                return proof.map(RollbackProof::words).orElse("not to be seen");
            }
            try {
                Thread.sleep(LOOK_AGAIN_MS);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return "not complete when this instance stopped";
            }
        }
    }

    private void end(String id, Workload workload, Rehearsal.Outcome outcome, @Nullable Epoch restored, String words) {
        log.info("The rehearsal {} of {} has {}: {}", id, workload, outcome, words);
        store.end(id, outcome, restored, words);
    }
}
