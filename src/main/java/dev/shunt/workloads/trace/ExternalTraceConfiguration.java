package dev.shunt.workloads.trace;

import dev.shunt.core.ExternalResults;
import dev.shunt.store.WatchPool;
import dev.shunt.store.WatchSettings;
import java.time.Clock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Reads what a worker outside makes of traces, when there is one. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ExternalTraceSettings.class)
@ConditionalOnProperty(name = "shunt.legacy.consumer", havingValue = "external")
class ExternalTraceConfiguration {

    @Bean
    ExternalDatabase externalTraceDatabase(ExternalTraceSettings names, WatchPool shunts, WatchSettings watch) {
        @Nullable
        WatchPool own = names.url().isEmpty()
                ? null
                : WatchPool.elsewhere("shunt-external", names.url(), names.user(), names.password(), watch);
        DataSource database = own == null ? shunts.dataSource() : own.dataSource();
        var external = new ExternalDatabase(names, database, own);
        external.check();
        return external;
    }

    @Bean
    ExternalResults externalTraces(ExternalDatabase database) {
        return new ExternalTraces(database);
    }

    @Bean
    ExternalPrimaries externalTracePrimaries(ExternalDatabase database) {
        return new ExternalPrimaries(database);
    }

    @Bean
    OutsideAudit externalTraceAudit(ExternalDatabase database, WatchPool pool, Clock clock) {
        return new ExternalAudit(database, pool.dataSource(), clock);
    }
}
