package dev.shunt.temporal;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stops asking a Temporal that fails: while it is open, items go to legacy without waiting for the start deadline. */
final class StartBreaker {

    private static final Logger log = LoggerFactory.getLogger(StartBreaker.class);
    private static final int WINDOW = 20;
    private static final int FEWEST = 5;
    private static final float HALF = 50;
    private static final int PROBES = 3;
    static final Duration OPEN = Duration.ofSeconds(2);

    private StartBreaker() {}

    static CircuitBreaker create(MeterRegistry meters) {
        CircuitBreaker breaker = CircuitBreaker.of(
                "temporal-start",
                CircuitBreakerConfig.custom()
                        .slidingWindowType(SlidingWindowType.COUNT_BASED)
                        .slidingWindowSize(WINDOW)
                        .minimumNumberOfCalls(FEWEST)
                        .failureRateThreshold(HALF)
                        .waitDurationInOpenState(OPEN)
                        .automaticTransitionFromOpenToHalfOpenEnabled(true)
                        .permittedNumberOfCallsInHalfOpenState(PROBES)
                        .build());
        breaker.getEventPublisher()
                .onStateTransition(event -> log.warn(
                        "Starts on Temporal: {}. While OPEN, items go to the legacy route at once.",
                        event.getStateTransition()));
        meters.gauge(
                "shunt.temporal.breaker.open", breaker, one -> one.getState() == CircuitBreaker.State.OPEN ? 1 : 0);
        return breaker;
    }
}
