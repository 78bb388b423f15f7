package dev.shunt.rollout;

import dev.shunt.comparison.GateOutcome;
import dev.shunt.comparison.GateSpec;
import dev.shunt.comparison.Verdict;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.routing.InstanceState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where rollouts stand, who obeys the flag, and what the gates said last, among the metrics. */
final class RolloutMeters {

    private static final Logger log = LoggerFactory.getLogger(RolloutMeters.class);

    private final WorkloadCatalog catalog;
    private final Function<Workload, Standing> standings;
    private final Function<Workload, List<InstanceState>> instances;
    private final Function<String, Optional<Verdict>> verdicts;
    private final Map<Workload, Seen> seen = new ConcurrentHashMap<>();

    /**
     * What the last look found.
     *
     * @param verdict the newest that was kept of an active rollout; null without one
     */
    private record Seen(
            RolloutState state,
            long live,
            long lagging,
            @Nullable Verdict verdict) {}

    RolloutMeters(
            WorkloadCatalog catalog,
            Function<Workload, Standing> standings,
            Function<Workload, List<InstanceState>> instances,
            Function<String, Optional<Verdict>> verdicts) {
        this.catalog = catalog;
        this.standings = standings;
        this.instances = instances;
        this.verdicts = verdicts;
    }

    void register(MeterRegistry meters, Plans plans, BooleanSupplier leads) {
        Gauge.builder("shunt.rollout.leader", () -> leads.getAsBoolean() ? 1 : 0)
                .description("Whether this instance watches the rollouts")
                .register(meters);
        for (Workload workload : catalog.workloads()) {
            for (RolloutState state : RolloutState.values()) {
                gauge("shunt.rollout.state", workload, look -> look.state() == state ? 1 : 0)
                        .description("The state that the rollout is in")
                        .tag("state", state.name())
                        .register(meters);
            }
            gauge("shunt.instances", workload, Seen::live)
                    .description("Instances heard of")
                    .tag("state", "live")
                    .register(meters);
            gauge("shunt.instances", workload, Seen::lagging)
                    .description("Instances heard of")
                    .tag("state", "lagging")
                    .register(meters);
            plans.of(workload).phases().stream()
                    .flatMap(phase -> phase.gates().stream())
                    .map(GateSpec::name)
                    .distinct()
                    .forEach(gate -> gate(meters, workload, gate));
        }
    }

    private void gate(MeterRegistry meters, Workload workload, String gate) {
        for (GateOutcome outcome : GateOutcome.values()) {
            gauge("shunt.gate", workload, look -> says(look, gate, outcome) ? 1 : 0)
                    .description("What a gate of the active phase said last")
                    .tag("gate", gate)
                    .tag("outcome", outcome.name())
                    .register(meters);
        }
    }

    private static boolean says(Seen look, String gate, GateOutcome outcome) {
        Verdict verdict = look.verdict();
        return verdict != null
                && verdict.findings().stream()
                        .anyMatch(finding -> finding.gate().equals(gate) && finding.outcome() == outcome);
    }

    /** Without value while nothing is known. */
    private Gauge.Builder<Map<Workload, Seen>> gauge(String name, Workload workload, Function<Seen, Number> value) {
        return Gauge.builder(name, seen, looks -> {
                    Seen look = looks.get(workload);
                    return look == null ? Double.NaN : value.apply(look).doubleValue();
                })
                .tag("workload", workload.name());
    }

    /** Looks once. Never throws: what cannot be read has no value. */
    void look() {
        for (Workload workload : catalog.workloads()) {
            try {
                seen.put(workload, read(workload));
            } catch (UnavailableException away) {
                log.debug("Where the rollout of {} stands is not known now: {}", workload, away.getMessage());
                seen.remove(workload);
            }
        }
    }

    private Seen read(Workload workload) {
        Standing standing = standings.apply(workload);
        List<InstanceState> live =
                instances.apply(workload).stream().filter(InstanceState::live).toList();
        long lagging = live.stream().filter(one -> !one.obeys(standing.epoch())).count();
        RolloutRow row = standing.row();
        Verdict verdict = row == null || !row.state().active()
                ? null
                : verdicts.apply(row.id()).orElse(null);
        return new Seen(standing.state(), live.size(), lagging, verdict);
    }
}
