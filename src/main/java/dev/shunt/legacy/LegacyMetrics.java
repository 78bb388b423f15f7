package dev.shunt.legacy;

import dev.shunt.core.Reason;
import dev.shunt.core.Route;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.WayIn;
import dev.shunt.core.Workload;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;

/** What the consumers of one workload count. */
final class LegacyMetrics {

    private final MeterRegistry meters;
    private final Workload workload;
    private final Counter fetched;
    private final Counter acknowledged;
    private final Counter recovered;
    private final Counter deadLetters;
    private final Counter duplicates;
    private final Counter mismatches;
    private final Counter forwarded;
    private final AtomicLong waiting = new AtomicLong();

    LegacyMetrics(MeterRegistry meters, Workload workload) {
        this.meters = meters;
        this.workload = workload;
        fetched = counter(meters, workload, "fetched", "messages taken from the list");
        acknowledged = counter(meters, workload, "acknowledged", "messages done and forgotten");
        recovered = counter(meters, workload, "recovered", "messages taken back from dead consumers");
        deadLetters = counter(meters, workload, "dead.letters", "messages moved to the dead-letter list");
        duplicates = counter(meters, workload, "duplicates", "copies of registered items, removed by the tap");
        forwarded = counter(meters, workload, "forwarded", "messages handed to the worker outside Shunt");
        mismatches = counter(meters, workload, "mismatches", "processing lists that held other messages than expected");
        Gauge.builder("shunt.legacy.waiting", waiting, AtomicLong::doubleValue)
                .description("length of the list, as of the last heartbeat")
                .tag("workload", workload.name())
                .register(meters);
        accepted("accepted", Route.LEGACY, Reason.FLAG.name());
        accepted("accepted", Route.TEMPORAL, Reason.FLAG.name());
        accepted("duplicate", Route.TEMPORAL, "NONE");
        diverted();
    }

    /** The tap has made a message an accepted item. */
    void accepted(RouteDecision decision) {
        accepted("accepted", decision.executed(), decision.reason().name()).increment();
    }

    private Counter accepted(String outcome, Route route, String reason) {
        return Counter.builder("shunt.routed")
                .description("Acceptances by the door and the tap")
                .tag("workload", workload.name())
                .tag("way_in", WayIn.TAP.name())
                .tag("outcome", outcome)
                .tag("route", route.name())
                .tag("reason", reason)
                .register(meters);
    }

    /** A registered item went to legacy because nobody could start it soon enough. */
    void queueFull() {
        diverted().increment();
    }

    private Counter diverted() {
        return Counter.builder("shunt.temporal.fallbacks")
                .tag("workload", workload.name())
                .tag("reason", Reason.CAPPED.name())
                .tag("cause", "queue_full")
                .register(meters);
    }

    private static Counter counter(MeterRegistry meters, Workload workload, String what, String description) {
        return Counter.builder("shunt.legacy." + what)
                .description(description)
                .tag("workload", workload.name())
                .register(meters);
    }

    void fetched(int messages) {
        fetched.increment(messages);
    }

    void acknowledged(int messages) {
        acknowledged.increment(messages);
    }

    void recovered(long messages) {
        recovered.increment((double) messages);
    }

    void deadLetter() {
        deadLetters.increment();
    }

    void duplicate() {
        accepted("duplicate", Route.TEMPORAL, "NONE").increment();
        duplicates.increment();
    }

    void forwarded() {
        forwarded.increment();
    }

    void mismatch() {
        mismatches.increment();
    }

    void waiting(long messages) {
        waiting.set(messages);
    }
}
