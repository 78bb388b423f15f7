package dev.shunt.workloads.trace;

import dev.shunt.core.Claim;
import dev.shunt.core.ClaimedBodies;
import dev.shunt.core.DeadLetters;
import dev.shunt.core.InFlight;
import dev.shunt.core.ItemKey;
import dev.shunt.core.ShadowWorkload;
import dev.shunt.core.Workload;
import dev.shunt.store.GroupWriter;
import dev.shunt.store.ShadowSchema;
import dev.shunt.store.WatchPool;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts shadow runs of traces together: both routes' own code, with everything around it replaced by nothing. */
@Configuration(proxyBeanMethods = false)
class TraceShadowConfiguration {

    @Bean
    ShadowWorkload traceShadow(
            ShadowSchema schema,
            WatchPool watch,
            TraceSettings settings,
            ObjectProvider<ExternalPrimaries> outside,
            Clock clock) {
        boolean deferred = settings.pricing() == TraceSettings.Pricing.DEFERRED;
        var statement = new ShadowStatement(new TraceStatement(deferred));
        GroupWriter<TraceMessage> legacy = schema.lane("shadow-legacy", statement);
        GroupWriter<TraceMessage> temporal = schema.lane("shadow-temporal", statement);
        DataSource apart = schema.dataSource();
        var pending = new PendingSpans(TraceWorkload.TRACE, apart);
        DeadLetters noDeadLetters = letter -> {}; // a rejection is this run's result
        var workflow = TraceWorkflowBinding.create(
                TraceWorkload.TRACE,
                new TraceArguments(TraceWorkload.TRACE, new NoBodies(), (workload, keys) -> Set.of()),
                new LaneTraceEffects(temporal, pending),
                noDeadLetters,
                nothingInFlight(),
                clock,
                settings.activities() == TraceSettings.Activities.REMOTE);
        return new TraceShadow(
                new FinishingHandler(new TraceHandler(legacy), pending),
                workflow,
                schema,
                watch.dataSource(),
                new PriceCopy(watch.dataSource(), apart, clock),
                () -> Optional.ofNullable(outside.getIfAvailable()));
    }

    /** Nobody accepted a run, so there is nothing to settle and nothing to hand over. */
    private static InFlight nothingInFlight() {
        return (InFlight) Proxy.newProxyInstance(
                InFlight.class.getClassLoader(), new Class<?>[] {InFlight.class}, (self, method, arguments) -> {
                    if (method.getName().equals("settle")) {
                        return null;
                    }
                    throw new UnsupportedOperationException("a shadow run has no " + method.getName());
                });
    }

    /** Runs carry their message. */
    private static final class NoBodies implements ClaimedBodies {
        @Override
        public Claim keep(Workload workload, ItemKey key, byte[] body, Duration within) {
            throw new UnsupportedOperationException("a shadow run carries its message");
        }

        @Override
        public Optional<byte[]> find(Workload workload, ItemKey key, Claim claim) {
            return Optional.empty();
        }
    }
}
