package dev.shunt.workloads.trace;

import dev.shunt.core.ClaimedBodies;
import dev.shunt.core.DeadLetters;
import dev.shunt.core.InFlight;
import dev.shunt.core.InRoles;
import dev.shunt.core.Role;
import dev.shunt.core.SettledItems;
import dev.shunt.core.WorkloadDefinition;
import dev.shunt.store.GroupWriter;
import dev.shunt.store.Lanes;
import dev.shunt.store.LedgerReach;
import dev.shunt.store.PeriodicTask;
import dev.shunt.store.ReconcilePool;
import dev.shunt.store.WatchPool;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the trace workload together: two lanes with the same statement, one for each route. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TraceSettings.class)
class TraceConfiguration {

    @Bean
    @DependsOnDatabaseInitialization
    PriceList priceList(DataSource dataSource) {
        var prices = new PriceList(dataSource);
        prices.load();
        return prices;
    }

    @Bean
    PendingSpans pendingSpans(DataSource dataSource) {
        return new PendingSpans(TraceWorkload.TRACE, dataSource);
    }

    /** Summing a whole day takes longer than a look of those who watch may: it has the connections of reconciliations. */
    @Bean
    TraceAudit traceAudit(
            WatchPool pool,
            ReconcilePool patient,
            TraceSettings settings,
            ObjectProvider<OutsideAudit> outside,
            LedgerReach reach) {
        return new TraceAudit(
                new Snapshot(pool.dataSource()),
                new Snapshot(patient.dataSource(), settings.summaryWithin()),
                outside.getIfAvailable(() -> OutsideAudit.NONE),
                reach);
    }

    @Bean
    TraceArguments traceArguments(ClaimedBodies bodies, SettledItems settledItems) {
        return new TraceArguments(TraceWorkload.TRACE, bodies, settledItems);
    }

    @Bean
    WorkloadDefinition traceWorkload(
            TraceDoorCodec door,
            TraceMessageCodec messages,
            TraceAudit audit,
            PendingSpans pending,
            PriceList prices,
            TraceArguments arguments,
            Lanes lanes,
            DeadLetters deadLetters,
            InFlight inFlight,
            Clock clock,
            TraceSettings settings) {
        boolean deferred = settings.pricing() == TraceSettings.Pricing.DEFERRED;
        GroupWriter<TraceMessage> legacy = lanes.open("legacy", new TraceStatement(deferred));
        GroupWriter<TraceMessage> temporal = lanes.open("temporal", new TraceStatement(deferred));
        var workflow = TraceWorkflowBinding.create(
                TraceWorkload.TRACE,
                arguments,
                new LaneTraceEffects(temporal, pending),
                deadLetters,
                inFlight,
                clock,
                settings.activities() == TraceSettings.Activities.REMOTE);
        return new TraceWorkload(door, messages, new TraceHandler(legacy), workflow, audit);
    }

    /** Finishes what a worker left behind when it died between two steps. */
    @InRoles(Role.CONTROLLER)
    @Bean(initMethod = "start", destroyMethod = "stop")
    PeriodicTask pendingSpanFinisher(PendingSpans pending, TraceSettings settings, MeterRegistry meters) {
        var finisher = new PendingSpanFinisher(pending, meters);
        return new PeriodicTask(
                "shunt-pending-spans",
                settings.finishAfter().dividedBy(2),
                () -> finisher.finish(settings.finishAfter()));
    }
}
