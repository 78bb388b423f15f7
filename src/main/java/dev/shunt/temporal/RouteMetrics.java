package dev.shunt.temporal;

import dev.shunt.core.Reason;
import dev.shunt.core.Workload;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.stream.Stream;

/** Counts starts by outcome, and items that left the Temporal route by reason and cause. */
final class RouteMetrics {

    private final MeterRegistry registry;

    RouteMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Makes the series that can be expected be there, at 0, before anything happens. */
    void expect(Workload workload) {
        Stream.of("started", "already_started").forEach(outcome -> starts(workload, outcome));
        for (StartOutcome.Cause cause : StartOutcome.Cause.values()) {
            starts(workload, cause.name().toLowerCase(Locale.ROOT));
            fallbacks(workload, Reason.FALLBACK, cause.name().toLowerCase(Locale.ROOT));
        }
        fallbacks(workload, Reason.FALLBACK, "too_large");
        fallbacks(workload, Reason.FALLBACK, "late");
        fallbacks(workload, Reason.FENCED, "fence");
        fallbacks(workload, Reason.CAPPED, "ceiling");
        fallbacks(workload, Reason.RECALL, "recall");
        fallbacks(workload, Reason.RECALL, "swept");
        claims(workload);
        Stream.of("settled", "started_again", "registered", "legacy", "unreadable")
                .forEach(action -> sweeps(workload, action));
    }

    void start(Workload workload, StartOutcome outcome) {
        String result = switch (outcome) {
            case StartOutcome.Started started -> "started";
            case StartOutcome.AlreadyStarted already -> "already_started";
            case StartOutcome.Failed failed -> failed.cause().name().toLowerCase(Locale.ROOT);
        };
        starts(workload, result).increment();
    }

    /** @param cause a bounded word: why within the reason */
    void diverted(Workload workload, Reason reason, String cause) {
        fallbacks(workload, reason, cause).increment();
    }

    /** A message that was too large for its workflow's argument. */
    void claimed(Workload workload) {
        claims(workload).increment();
    }

    void swept(Workload workload, String action) {
        sweeps(workload, action).increment();
    }

    private Counter starts(Workload workload, String outcome) {
        return registry.counter("shunt.temporal.starts", "workload", workload.name(), "outcome", outcome);
    }

    private Counter fallbacks(Workload workload, Reason reason, String cause) {
        return registry.counter(
                "shunt.temporal.fallbacks", "workload", workload.name(), "reason", reason.name(), "cause", cause);
    }

    private Counter claims(Workload workload) {
        return registry.counter("shunt.claims.kept", "workload", workload.name());
    }

    private Counter sweeps(Workload workload, String action) {
        return registry.counter("shunt.temporal.sweeps", "workload", workload.name(), "action", action);
    }
}
