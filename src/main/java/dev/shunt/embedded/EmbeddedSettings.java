package dev.shunt.embedded;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which backends Shunt may start for itself. A backend whose address is configured is never started.
 *
 * @param enabled whether any is started; without it an address that is not set stays empty
 * @param temporal what stands in for Temporal when no address is set
 * @param postgresConnections how many connections embedded Postgres allows, 20..1000
 */
@ConfigurationProperties("shunt.embedded")
record EmbeddedSettings(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("auto") Temporal temporal,
        @DefaultValue("200") int postgresConnections) {

    EmbeddedSettings {
        if (postgresConnections < 20 || postgresConnections > 1000) {
            throw new IllegalArgumentException(
                    "shunt.embedded.postgres-connections must be 20..1000, was " + postgresConnections);
        }
    }

    /** Ways to have a Temporal without configuring one. */
    enum Temporal {
        /** The development server if the {@code temporal} tool is on the PATH, else the one in memory. */
        AUTO,
        /** The development server; the start fails without the {@code temporal} tool. */
        CLI,
        /** The server of the SDK, in this process; forgets everything when it stops. */
        IN_MEMORY,
        /** None is started: Shunt looks for one on Temporal's usual port, and stays on the legacy route until it is there. */
        NONE
    }
}
