package dev.shunt.embedded.faults;

import java.util.Set;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;

/**
 * Plants what {@code shunt.faults} names, and takes away what an earlier start planted. {@code shunt.fault-every}: of how
 * many cases a rare fault strikes one.
 */
@Configuration(proxyBeanMethods = false)
class FaultsConfiguration {

    static final String PROFILE = "demo-faults";

    @Bean
    @DependsOnDatabaseInitialization
    PlantedFaults plantedFaults(DataSource dataSource, Environment environment) {
        Set<Fault> wanted = Binder.get(environment)
                .bind("shunt.faults", Bindable.setOf(Fault.class))
                .orElse(Set.of());
        boolean allowed = environment.acceptsProfiles(Profiles.of(PROFILE));
        if (!allowed && !wanted.isEmpty()) {
            throw new PlantedFaults.Refused("shunt.faults is set, which takes the profile " + PROFILE
                    + ". Remove it, or start with that profile.");
        }
        for (String backend : new String[] {"postgres", "redis", "temporal"}) {
            String place = environment.getProperty("shunt.backends." + backend, "unknown");
            if (allowed && !place.startsWith("embedded")) {
                throw new PlantedFaults.Refused("The profile " + PROFILE + " plants faults in stored data, so it takes"
                        + " embedded backends only; " + backend + " is " + place
                        + ". Remove the profile, or the address"
                        + " of " + backend + ".");
            }
        }
        int every = environment.getProperty("shunt.fault-every", Integer.class, 0);
        boolean ours = environment.getProperty("shunt.backends.postgres", "").startsWith("embedded");
        return new PlantedFaults(dataSource, wanted, every, ours);
    }
}
