package dev.shunt.console;

import dev.shunt.rollout.IdempotencyKeys;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** Puts idempotency keys before the orders of rollouts, after the guard. */
@Configuration(proxyBeanMethods = false)
class IdempotencyConfiguration {

    @Bean
    FilterRegistrationBean<IdempotencyFilter> idempotencyFilter(IdempotencyKeys keys) {
        var registration = new FilterRegistrationBean<>(new IdempotencyFilter(keys));
        registration.addUrlPatterns("/api/v1/rollouts/*");
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 1);
        return registration;
    }
}
