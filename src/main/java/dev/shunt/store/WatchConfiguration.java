package dev.shunt.store;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The read side of the store. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WatchSettings.class)
class WatchConfiguration {

    @Bean
    WatchPool watchPool(JdbcConnectionDetails database, WatchSettings settings) {
        return new WatchPool(database.getJdbcUrl(), database.getUsername(), database.getPassword(), settings);
    }

    @Bean
    GatePool gatePool(JdbcConnectionDetails database, WatchSettings settings) {
        return new GatePool(
                database.getJdbcUrl(), database.getUsername(), database.getPassword(), settings.statementTimeout());
    }

    @Bean
    LockPool lockPool(JdbcConnectionDetails database) {
        return new LockPool(database.getJdbcUrl(), database.getUsername(), database.getPassword());
    }

    @Bean
    LedgerReports ledgerReports(WatchPool pool) {
        return new LedgerReports(pool.dataSource());
    }

    @Bean
    LedgerChecks ledgerChecks(WatchPool pool) {
        return new LedgerChecks(pool.dataSource());
    }

    @Bean
    ItemRecords itemRecords(WatchPool pool) {
        return new ItemRecords(pool.dataSource());
    }

    @Bean
    Divergences divergences(WatchPool pool, StoreMeters meters) {
        return new Divergences(pool.dataSource(), meters::divergence);
    }

    @Bean
    OpenRows openRows(WatchPool pool) {
        return new OpenRows(pool.dataSource());
    }

    @Bean
    SoleRunner soleRunner(LockPool pool) {
        return new SoleRunner(pool.dataSource());
    }
}
