package dev.shunt.temporal;

import dev.shunt.core.ClaimedBodies;
import dev.shunt.core.InFlight;
import dev.shunt.core.RetiredWorkloads;
import dev.shunt.core.RouteDecider;
import dev.shunt.core.SettledItems;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the look at workflows that were ended by hand. */
@Configuration(proxyBeanMethods = false)
class EndedRunsConfiguration {

    @Bean
    EndedRuns temporalEndedRuns(
            TemporalSettings settings,
            TemporalConnection connection,
            RpcDeadline deadline,
            CodecSettings codecs,
            RetiredWorkloads retired,
            InFlight inFlight,
            SettledItems settledItems,
            RouteDecider decider,
            Bindings bindings,
            Workflows workflows,
            ClaimedBodies bodies,
            Ceilings ceilings,
            RouteMetrics metrics,
            Clock clock) {
        var reader = new EndedRunsReader(settings, connection, deadline, Codecs.converter(codecs));
        return new EndedRuns(
                retired,
                inFlight,
                settledItems,
                decider,
                bindings,
                workflows,
                reader,
                bodies,
                ceilings,
                metrics,
                clock);
    }
}
