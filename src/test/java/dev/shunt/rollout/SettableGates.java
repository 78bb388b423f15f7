package dev.shunt.rollout;

import dev.shunt.comparison.GateFinding;
import dev.shunt.comparison.GateMode;
import dev.shunt.comparison.GateOutcome;
import dev.shunt.comparison.GateQuestion;
import dev.shunt.comparison.GateSpec;
import dev.shunt.comparison.Gates;
import dev.shunt.comparison.Verdict;
import dev.shunt.core.Workload;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Gates that say what a test tells them, to every instance alike. */
public final class SettableGates implements Gates {

    private final Map<String, GateOutcome> outcomes = new ConcurrentHashMap<>();
    private final Map<String, Verdict> kept = new ConcurrentHashMap<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicReference<Runnable> atNextFail = new AtomicReference<>(() -> {});

    /** From now on; what was not told is PASS. */
    public void say(String gate, GateOutcome outcome) {
        outcomes.put(gate, outcome);
    }

    /** Of one workload, whatever is said of all. */
    void say(Workload workload, String gate, GateOutcome outcome) {
        outcomes.put(workload + " " + gate, outcome);
    }

    /** Runs once, when a verdict of FAIL is made and before it is answered: whoever asked has it in hand next. */
    void atNextFail(Runnable then) {
        atNextFail.set(then);
    }

    int asked() {
        return asked.get();
    }

    @Override
    public Verdict evaluate(GateQuestion question) {
        List<GateFinding> findings = question.gates().stream()
                .map(gate -> finding(question.workload(), gate))
                .toList();
        var verdict = new Verdict(
                "v" + asked.incrementAndGet(),
                question.workload(),
                question.rollout(),
                question.phase(),
                question.epoch(),
                Clock.systemUTC().instant(),
                Verdict.together(findings),
                findings);
        if (verdict.outcome() == GateOutcome.FAIL) {
            atNextFail.getAndSet(() -> {}).run();
        }
        return verdict;
    }

    private GateFinding finding(Workload workload, GateSpec gate) {
        GateOutcome outcome = outcomes.getOrDefault(
                workload + " " + gate.name(), outcomes.getOrDefault(gate.name(), GateOutcome.PASS));
        return new GateFinding(
                gate.name(), gate.mode(), outcome, "as told", 10, 10, null, OptionalLong.empty(), Map.of());
    }

    @Override
    public void keep(Verdict verdict) {
        kept.put(verdict.id(), verdict);
    }

    @Override
    public Verdict recorded(String id) {
        return Optional.ofNullable(kept.get(id)).orElseThrow(() -> new NoSuchElementException(id));
    }

    @Override
    public Optional<Verdict> latest(String rollout) {
        return kept.values().stream()
                .filter(verdict -> verdict.rollout().equals(rollout))
                .findAny();
    }

    @Override
    public List<String> problems(List<GateSpec> gates) {
        return gates.stream()
                .filter(GateSpec::isCustom)
                .map(gate -> gate.name() + " has no source here")
                .toList();
    }

    static List<GateSpec> usual() {
        return List.of(GateSpec.of(GateSpec.ERRORS, GateMode.ROLLBACK), GateSpec.of(GateSpec.TAIL, GateMode.HOLD));
    }
}
