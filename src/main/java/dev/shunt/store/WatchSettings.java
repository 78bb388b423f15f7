package dev.shunt.store;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The connections of those who only watch: reports, the checker, conservation. They have their own so that a slow report
 * never takes a connection from the work. Gates have two more and locks four more, which no report can take.
 *
 * @param connections at most this many, 3..20
 * @param statementTimeout the server gives up a statement of those who watch, or of gates, after this, 100 ms..10 min
 */
@ConfigurationProperties("shunt.store.watch")
public record WatchSettings(
        @DefaultValue("4") int connections,
        @DefaultValue("10s") Duration statementTimeout) {

    public WatchSettings {
        if (connections < 3 || connections > 20) {
            throw new IllegalArgumentException("shunt.store.watch.connections must be 3..20, was " + connections);
        }
        if (statementTimeout.toMillis() < 100 || statementTimeout.compareTo(Duration.ofMinutes(10)) > 0) {
            throw new IllegalArgumentException(
                    "shunt.store.watch.statement-timeout must be 100ms..10m, was " + statementTimeout);
        }
    }
}
