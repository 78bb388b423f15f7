package dev.shunt.routing;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param lease how long this instance may go on with its last snapshot when the flag cannot be read; 2 s..60 s. After
 *     it everything goes to legacy, because an instance that cannot hear a rollback must assume one
 */
@ConfigurationProperties("shunt.routing")
record RoutingSettings(@DefaultValue("5s") Duration lease) {

    private static final Duration SHORTEST = Duration.ofSeconds(2);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    RoutingSettings {
        if (lease.compareTo(SHORTEST) < 0 || lease.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("shunt.routing.lease must be 2s..60s, was " + lease);
        }
    }
}
