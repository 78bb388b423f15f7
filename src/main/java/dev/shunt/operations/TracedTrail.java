package dev.shunt.operations;

import dev.shunt.core.Lineage;
import dev.shunt.core.Trail;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The trail as spans of whatever tracer Spring Boot has set up. */
final class TracedTrail implements Trail {

    private static final String PARENT = "traceparent";
    private static final String STATE = "tracestate";

    private final Tracer tracer;
    private final Propagator propagator;
    private final Clock clock;

    TracedTrail(Tracer tracer, Propagator propagator, Clock clock) {
        this.tracer = tracer;
        this.propagator = propagator;
        this.clock = clock;
    }

    @Override
    public Step begin(String name, Lineage parent, Duration ago) {
        Span.Builder builder =
                parent.isKnown() ? propagator.extract(parent, TracedTrail::header) : tracer.spanBuilder();
        builder.name(name);
        if (!ago.isZero()) {
            Instant begun = clock.instant().minus(ago);
            builder.startTimestamp(ChronoUnit.MICROS.between(Instant.EPOCH, begun), TimeUnit.MICROSECONDS);
        }
        return new Traced(builder.start());
    }

    private static @Nullable String header(Lineage lineage, String name) {
        return switch (name) {
            case PARENT -> lineage.parent();
            case STATE -> lineage.state();
            default -> null;
        };
    }

    private final class Traced implements Step {

        private final Span span;

        Traced(Span span) {
            this.span = span;
        }

        @Override
        public Lineage lineage() {
            Map<String, String> headers = new HashMap<>();
            propagator.inject(span.context(), headers, (carrier, name, value) -> headers.put(name, value));
            return Lineage.of(headers.get(PARENT), headers.get(STATE));
        }

        @Override
        public Step with(String attribute, String value) {
            span.tag(attribute, value);
            return this;
        }

        @Override
        public void failed(Throwable fault) {
            span.tag("error.type", fault.getClass().getName());
        }

        @Override
        public void close() {
            span.end();
        }
    }
}
