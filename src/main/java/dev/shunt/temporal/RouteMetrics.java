package dev.shunt.temporal;

import dev.shunt.core.Reason;
import dev.shunt.core.Workload;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/** Counts starts by outcome, and items that left the Temporal route by reason and cause. */
final class RouteMetrics {

    private final MeterRegistry registry;

    RouteMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    void start(Workload workload, StartOutcome outcome) {
        String result = switch (outcome) {
            case StartOutcome.Started started -> "started";
            case StartOutcome.AlreadyStarted already -> "already_started";
            case StartOutcome.Failed failed -> failed.cause().name().toLowerCase(Locale.ROOT);
        };
        registry.counter("shunt.temporal.starts", "workload", workload.name(), "outcome", result)
                .increment();
    }

    /** @param cause a bounded word: why within the reason */
    void diverted(Workload workload, Reason reason, String cause) {
        registry.counter(
                        "shunt.temporal.fallbacks",
                        "workload",
                        workload.name(),
                        "reason",
                        reason.name(),
                        "cause",
                        cause)
                .increment();
    }

    /** A message that was too large for its workflow's argument. */
    void claimed(Workload workload) {
        registry.counter("shunt.claims.kept", "workload", workload.name()).increment();
    }

    void swept(Workload workload, String action) {
        registry.counter("shunt.temporal.sweeps", "workload", workload.name(), "action", action)
                .increment();
    }
}
