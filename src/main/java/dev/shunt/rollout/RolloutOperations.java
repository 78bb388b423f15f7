package dev.shunt.rollout;

import dev.shunt.core.Epoch;
import dev.shunt.core.Percentage;
import dev.shunt.core.Workload;
import dev.shunt.rollout.Judgement.Obstacle;
import dev.shunt.rollout.RolloutOutcome.Applied;
import dev.shunt.rollout.RolloutOutcome.Overtaken;
import dev.shunt.rollout.RolloutOutcome.Refused;
import dev.shunt.rollout.RolloutState.Step;
import dev.shunt.rollout.RolloutStore.Scene;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps that a person takes with a rollout; a rollback is {@link RolloutControl#rollback}. Each is one transaction
 * over flag, rollout and audit trail, and is refused with the reason in words. All throw
 * {@link dev.shunt.core.UnavailableException} if Postgres is away: what was ordered may or may not be in force then.
 */
public final class RolloutOperations {

    private static final Logger log = LoggerFactory.getLogger(RolloutOperations.class);

    private final RolloutStore store;
    private final RolloutControl control;
    private final Judge judge;
    private final Plans plans;
    private final Preflights preflights;
    private final List<CompletionCheck> completion;

    RolloutOperations(
            RolloutStore store,
            RolloutControl control,
            Judge judge,
            Plans plans,
            Preflights preflights,
            List<CompletionCheck> completion) {
        this.store = store;
        this.control = control;
        this.judge = judge;
        this.plans = plans;
        this.preflights = preflights;
        this.completion = List.copyOf(completion);
    }

    /** Begins the first phase. With a preflight that fails, or within the cooldown after a rollback, only by override. */
    public RolloutOutcome start(RolloutOrder order) {
        Optional<String> hindrance = control.hindrance(order.workload());
        if (hindrance.isPresent()) {
            return new Refused(hindrance.get(), false);
        }
        String failing = failing(order.workload());
        if (!failing.isEmpty() && !order.override()) {
            return new Refused(failing, true);
        }
        Plan plan = plans.of(order.workload());
        Epoch newest = control.newest(order.workload());
        return take(order, Step.START, scene -> {
            Standing before = scene.before();
            RolloutRow old = before.row();
            if (!before.enabled() && !before.epoch().equals(Epoch.NONE)) {
                return new Refused("the flag's kill switch is off: set enable = 1 in ff4j_features first", false);
            }
            Instant rested = old == null ? null : old.cooldownUntil();
            boolean cooling = rested != null && scene.now().isBefore(rested);
            if (cooling && !order.override()) {
                return new Refused("the last rollout was rolled back; none is started before " + rested, true);
            }
            Phase first = plan.first();
            scene.setFlag(plan.target(first), order.actor(), order.reason(), newest);
            scene.write(new RolloutRow(
                    order.workload(),
                    UUID.randomUUID().toString(),
                    RolloutState.RUNNING,
                    first.name(),
                    scene.now(),
                    scene.now(),
                    plan.hash(),
                    null,
                    java.util.Set.of(),
                    null));
            var overridden = new ArrayList<String>();
            if (!failing.isEmpty()) {
                overridden.add(failing);
            }
            if (cooling) {
                overridden.add("the cooldown");
            }
            return done(
                    scene,
                    order,
                    Step.START,
                    null,
                    overridden.isEmpty() ? null : "overridden: " + String.join("; ", overridden));
        });
    }

    /** What stands against the first item, in words; empty if nothing does. What cannot be found out does not. */
    private String failing(Workload workload) {
        return preflights.run(workload).stream()
                .filter(line -> line.result() == Preflights.Result.FAIL)
                .map(line -> "preflight '" + line.subject() + "': " + line.words())
                .collect(Collectors.joining("; "));
    }

    /** Begins the next phase: if the gates pass, the phase has baked, and all instances agree; or by override. */
    public RolloutOutcome promote(RolloutOrder order) {
        return leave(
                order,
                Step.PROMOTE,
                (judgement, open) -> judgement
                        .plan()
                        .after(judgement.phase().name())
                        .<Leaving>map(next -> new Leaving.To(next))
                        .orElseGet(() -> new Leaving.Not("phase "
                                + judgement.phase().name() + " is the last one: complete the rollout instead")));
    }

    /** Ends the last phase: everything on Temporal, nothing held back. */
    public RolloutOutcome complete(RolloutOrder order) {
        return leave(order, Step.COMPLETE, (judgement, open) -> {
            if (!judgement.plan().isLast(judgement.phase().name())) {
                return new Leaving.Not("phase " + judgement.phase().name() + " is not the last one: promote first");
            }
            completion.forEach(check -> check.open(order.workload())
                    .forEach(one -> open.add(new Obstacle(one.words(), one.overridable()))));
            return new Leaving.To(null);
        });
    }

    /** Keeps the rollout where it is. */
    public RolloutOutcome hold(RolloutOrder order) {
        return take(order, Step.HOLD, scene -> {
            scene.write(required(scene.before().row()).held(order.reason()));
            return done(scene, order, Step.HOLD, null, null);
        });
    }

    /** Lets a held rollout go on. While a gate still demands the hold only by override, which accepts it for this phase. */
    public RolloutOutcome resume(RolloutOrder order) {
        Standing seen = store.read(order.workload());
        Optional<Judgement> judgement = judge.judge(seen);
        var demanding = judgement.map(Judgement::demandHold).orElse(List.of());
        return take(order, Step.RESUME, scene -> {
            if (!demanding.isEmpty() && !order.override()) {
                return new Refused(Judgement.words(demanding), true);
            }
            var waived = demanding.stream().map(finding -> finding.gate()).collect(Collectors.toSet());
            judgement.filter(all -> !waived.isEmpty()).ifPresent(judge::keep);
            scene.write(required(scene.before().row()).in(RolloutState.RUNNING).waiving(waived));
            return done(
                    scene,
                    order,
                    Step.RESUME,
                    waived.isEmpty() ? null : judgement.orElseThrow().verdict().id(),
                    waived.isEmpty() ? null : "accepted for this phase: " + Judgement.words(demanding));
        });
    }

    /**
     * Sets the percentage by hand. While a rollout runs, at most what its phase allows, and 0 ends it as a rollback does;
     * after a rollback only 0; more by override. Without a rollout anything. 0 is refused like a rollback where there is
     * {@link RolloutControl#nowhereToGo}.
     */
    public RolloutOutcome percentage(RolloutOrder order, Percentage percentage) {
        Workload workload = order.workload();
        Optional<String> hindrance =
                percentage.equals(Percentage.ZERO) ? control.nowhereToGo(workload) : control.hindrance(workload);
        if (hindrance.isPresent()) {
            return new Refused(hindrance.get(), false);
        }
        Epoch newest = control.newest(workload);
        return take(order, Step.PERCENTAGE, scene -> {
            Standing before = scene.before();
            RolloutRow row = before.row();
            Percentage allowed = allowed(before);
            boolean above = percentage.basisPoints() > allowed.basisPoints();
            if (above && !order.override()) {
                return new Refused(
                        percentage + " is more than " + before.state() + " allows"
                                + (before.state().active() ? " in phase " + before.phase() : "") + ", which is "
                                + allowed,
                        true);
            }
            scene.setFlag(percentage, order.actor(), order.reason(), newest);
            boolean ended = row != null
                    && percentage.equals(Percentage.ZERO)
                    && before.state().after(Step.ROLLBACK).orElse(null) == RolloutState.ROLLED_BACK
                    && before.state() != RolloutState.ROLLED_BACK;
            if (ended) {
                scene.write(required(row)
                        .rolledBack(scene.now().plus(plans.of(workload).cooldown())));
            }
            return done(
                    scene,
                    order,
                    ended ? Step.ROLLBACK : Step.PERCENTAGE,
                    null,
                    above ? "overridden: more than " + allowed : null);
        });
    }

    private Percentage allowed(Standing before) {
        Plan plan = plans.of(before.workload());
        return switch (before.state()) {
            case NOT_STARTED, COMPLETED -> Percentage.ALL;
            case ROLLED_BACK -> Percentage.ZERO;
            case RUNNING, HELD ->
                plan.phase(String.valueOf(before.phase())).map(plan::target).orElse(before.effective());
        };
    }

    private sealed interface Leaving {
        /** @param next null: it was the last one */
        record To(@Nullable Phase next) implements Leaving {}

        record Not(String why) implements Leaving {}
    }

    private interface Destination {
        Leaving of(Judgement judgement, List<Obstacle> open);
    }

    private RolloutOutcome leave(RolloutOrder order, Step step, Destination destination) {
        Standing seen = store.read(order.workload());
        if (overtaken(order, seen)) {
            return new Overtaken(control.latest(order.workload()));
        }
        if (seen.state().after(step).isEmpty()) {
            return new Refused(seen.state().refusal(step), false);
        }
        Optional<String> hindrance = control.hindrance(order.workload());
        if (hindrance.isPresent()) {
            return new Refused(hindrance.get(), false);
        }
        Optional<Judgement> judged = judge.judge(seen);
        if (judged.isEmpty()) {
            return new Refused("the plan has no phase " + seen.phase() + " any more: roll back, and start anew", false);
        }
        Judgement judgement = judged.get();
        List<Obstacle> obstacles = new ArrayList<>(judgement.obstacles());
        Leaving leaving = destination.of(judgement, obstacles);
        if (leaving instanceof Leaving.Not not) {
            return new Refused(not.why(), false);
        }
        List<Obstacle> firm = obstacles.stream().filter(o -> !o.overridable()).toList();
        if (!obstacles.isEmpty() && (!order.override() || !firm.isEmpty())) {
            return new Refused(
                    Judgement.sentence(order.override() ? firm : obstacles).orElseThrow(), firm.isEmpty());
        }
        judge.keep(judgement);
        Phase next = ((Leaving.To) leaving).next();
        Optional<String> passedOver = Judgement.sentence(obstacles);
        Epoch newest = control.newest(order.workload());
        return take(order, step, scene -> move(scene, judgement, next, order, passedOver, newest));
    }

    /** In the transaction: only from where the judgement was made. */
    RolloutOutcome move(
            Scene scene,
            Judgement judgement,
            @Nullable Phase next,
            RolloutOrder order,
            Optional<String> passedOver,
            Epoch newest) {
        if (!scene.before().sameAs(judgement.standing())) {
            return new Overtaken(control.latest(order.workload()));
        }
        Plan plan = judgement.plan();
        Percentage target = next == null ? Percentage.ALL : plan.target(next);
        scene.setFlag(target, order.actor(), order.reason(), newest);
        RolloutRow row = judgement.row();
        scene.write(next == null ? row.in(RolloutState.COMPLETED) : row.entering(next, scene.now(), plan.hash()));
        return done(
                scene,
                order,
                next == null ? Step.COMPLETE : Step.PROMOTE,
                judgement.verdict().id(),
                passedOver.map(words -> "overridden: " + words).orElse(null));
    }

    private RolloutOutcome take(RolloutOrder order, Step step, Function<Scene, RolloutOutcome> work) {
        RolloutOutcome outcome = store.change(order.workload(), scene -> {
            if (overtaken(order, scene.before())) {
                return new Overtaken(control.latest(order.workload()));
            }
            RolloutState state = scene.before().state();
            return state.after(step).isEmpty() ? new Refused(state.refusal(step), false) : work.apply(scene);
        });
        return outcome instanceof Applied applied
                ? new Applied(applied.epoch(), control.laggards(order.workload(), applied.epoch()))
                : outcome;
    }

    private static boolean overtaken(RolloutOrder order, Standing seen) {
        return order.expected().filter(wanted -> !wanted.equals(seen.epoch())).isPresent();
    }

    private static RolloutOutcome done(
            Scene scene, RolloutOrder order, Step step, @Nullable String verdict, @Nullable String detail) {
        scene.tell(step, order.actor(), order.reason(), verdict, detail);
        Epoch epoch = FlagWriter.current(scene.sql(), scene.feature());
        log.info(
                "{} of {} by {}: {}. Epoch {}.{}",
                step,
                order.workload(),
                order.actor().label(),
                order.reason(),
                epoch,
                detail == null ? "" : " " + detail);
        return new Applied(epoch, List.of());
    }

    private static RolloutRow required(@Nullable RolloutRow row) {
        if (row == null) {
            throw new IllegalStateException("a rollout that was never started cannot be held or resumed");
        }
        return row;
    }
}
