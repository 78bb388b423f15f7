package dev.shunt.store;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What Postgres takes while Redis is away, {@code shunt.stand-in.*}.
 *
 * @param most items of one workload that may stand in Postgres, give or take what comes within a second; more are told to
 *     come again; 0..10 000 000, 0 takes none
 */
@ConfigurationProperties("shunt.stand-in")
record StandInSettings(@DefaultValue("100000") int most) {

    StandInSettings {
        if (most < 0 || most > 10_000_000) {
            throw new IllegalArgumentException("shunt.stand-in.most must be 0..10000000, was " + most);
        }
    }
}
