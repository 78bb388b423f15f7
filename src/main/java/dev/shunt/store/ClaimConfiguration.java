package dev.shunt.store;

import dev.shunt.core.InFlight;
import dev.shunt.core.InRoles;
import dev.shunt.core.Role;
import dev.shunt.core.Route;
import dev.shunt.core.RouteGateway;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Looks after claimed bodies in the background. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ClaimSettings.class)
class ClaimConfiguration {

    @Bean
    ClaimKeeper claimKeeper(
            DataSource dataSource,
            InFlight inFlight,
            ObjectProvider<RouteGateway> gateways,
            ClaimSettings settings,
            Clock clock,
            MeterRegistry meters) {
        Optional<RouteGateway> temporal =
                gateways.stream().filter(one -> one.route() == Route.TEMPORAL).findFirst();
        return new ClaimKeeper(dataSource, inFlight, temporal, settings, clock, meters);
    }

    @InRoles(Role.CONTROLLER)
    @Bean(initMethod = "start", destroyMethod = "stop")
    PeriodicTask claimPurge(ClaimKeeper keeper, ClaimSettings settings) {
        return new PeriodicTask("shunt-claimed-bodies", settings.interval(), keeper::look);
    }
}
