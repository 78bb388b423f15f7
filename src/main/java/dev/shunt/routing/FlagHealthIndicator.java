package dev.shunt.routing;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Whether the flag can be believed. Never DOWN: without it items go to the legacy route. */
@Component("flagHealthIndicator")
final class FlagHealthIndicator implements HealthIndicator {

    private final Router router;

    FlagHealthIndicator(Router router) {
        this.router = router;
    }

    @Override
    public Health health() {
        if (router.held()) {
            return Health.up()
                    .withDetail("state", "this instance is held on the legacy route")
                    .build();
        }
        return router.trustsFlag()
                ? Health.up().withDetail("state", "obeyed").build()
                : Health.unknown()
                        .withDetail("state", "not read for longer than its lease; items go to the legacy route")
                        .build();
    }
}
