package dev.shunt.store;

import java.util.Objects;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What shadow pairs need of the store. Nothing of it opens a connection before it is used. */
@Configuration(proxyBeanMethods = false)
class ShadowStoreConfiguration {

    private static final int SPARE_CONNECTIONS = 2;

    @Bean
    ShadowSchema shadowSchema(
            JdbcConnectionDetails details, Lanes lanes, @Value("${shunt.shadow.threads:2}") int threads) {
        var database = new Database(
                details.getJdbcUrl(),
                Objects.requireNonNullElse(details.getUsername(), ""),
                Objects.requireNonNullElse(details.getPassword(), ""));
        return new ShadowSchema(database, lanes, Math.max(1, threads) + SPARE_CONNECTIONS);
    }

    @Bean
    ShadowOrders shadowOrders(WatchPool pool) {
        return new ShadowOrders(pool.dataSource());
    }

    @Bean
    ShadowMinutes shadowMinutes(WatchPool pool) {
        return new ShadowMinutes(pool.dataSource());
    }

    @Bean
    HiddenPairs hiddenPairs(WatchPool pool) {
        return new HiddenPairs(pool.dataSource());
    }
}
