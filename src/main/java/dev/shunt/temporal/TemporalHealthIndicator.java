package dev.shunt.temporal;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.core.env.Environment;

/** Whether Temporal answers. Never DOWN: without it items go to the legacy route. */
final class TemporalHealthIndicator implements HealthIndicator {

    private final TemporalMonitor monitor;
    private final Environment environment;

    TemporalHealthIndicator(TemporalMonitor monitor, Environment environment) {
        this.monitor = monitor;
        this.environment = environment;
    }

    @Override
    public Health health() {
        TemporalState state = monitor.state();
        String fault = state.fault();
        Health.Builder health = (state.connected() ? Health.up() : Health.unknown())
                .withDetail("mode", environment.getProperty("shunt.backends.temporal", "external"))
                .withDetail("breaker", state.breaker());
        if (state.inMemory()) {
            health.withDetail("warning", "in memory: capped, forgets every workflow at exit");
        }
        if (fault != null) {
            health.withDetail("why", fault + "; items go to the legacy route");
        }
        return health.build();
    }
}
