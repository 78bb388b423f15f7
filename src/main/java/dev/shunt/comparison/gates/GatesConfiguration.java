package dev.shunt.comparison.gates;

import dev.shunt.comparison.Gates;
import dev.shunt.comparison.Leading;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.store.GateDoubts;
import dev.shunt.store.GatePool;
import dev.shunt.store.GateReads;
import dev.shunt.store.GateRecords;
import dev.shunt.store.LedgerReports;
import dev.shunt.store.PeriodicTask;
import dev.shunt.store.WatchPasses;
import dev.shunt.store.WatchPool;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GateSettings.class)
class GatesConfiguration {

    private static final Duration WRITE = Duration.ofMillis(200);

    /** Whoever reads a verdict is one who watches: however many do, gates go on looking. */
    @Bean
    VerdictBook verdictBook(GatePool gates, WatchPool readers) {
        return new VerdictBook(new GateRecords(gates.dataSource()), new GateRecords(readers.dataSource()));
    }

    @Bean
    Gates gates(
            GatePool pool,
            VerdictBook book,
            WorkloadCatalog catalog,
            GateSettings settings,
            Environment environment,
            ObjectProvider<Leading> leading,
            Clock clock) {
        return new LedgerGates(
                new GateReads(pool.dataSource()),
                new GateDoubts(pool.dataSource()),
                new WatchPasses(pool.dataSource()),
                new LedgerReports(pool.dataSource()),
                new GateRecords(pool.dataSource()),
                book,
                catalog,
                settings,
                "external".equals(environment.getProperty("shunt.legacy.consumer")),
                () -> leading.stream().anyMatch(Leading::leads),
                clock);
    }

    @Bean
    SmartLifecycle verdictWriter(VerdictBook book) {
        var task = new PeriodicTask("shunt-verdicts", WRITE, book::write);
        return new SmartLifecycle() {
            @Override
            public void start() {
                task.start();
            }

            @Override
            public void stop() {
                task.stop();
                book.write();
            }

            @Override
            public boolean isRunning() {
                return task.isRunning();
            }
        };
    }
}
