package dev.shunt.operations;

import dev.shunt.core.CommitListener;
import dev.shunt.core.Trail;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.time.Clock;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Where the trail of items goes; without tracing there is none of this. See {@link TracingSwitch}. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = TracingSwitch.KEY, matchIfMissing = true)
class TracingConfiguration {

    @Bean
    Trail trail(Tracer tracer, Propagator propagator, Clock clock) {
        return new TracedTrail(tracer, propagator, clock);
    }

    @Bean
    CommitListener commitTrail(Trail trail) {
        return new CommitTrail(trail);
    }
}
