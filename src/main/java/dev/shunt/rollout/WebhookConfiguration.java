package dev.shunt.rollout;

import dev.shunt.core.InRoles;
import dev.shunt.core.Role;
import dev.shunt.store.PeriodicTask;
import dev.shunt.store.WatchPool;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the webhook. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WebhookSettings.class)
class WebhookConfiguration {

    private static final Duration EVERY = Duration.ofSeconds(1);

    @InRoles(Role.CONTROLLER)
    @Bean(initMethod = "start", destroyMethod = "stop")
    PeriodicTask webhookTask(WatchPool pool, WebhookSettings settings, Clock clock, MeterRegistry meters) {
        var webhook = new Webhook(new WebhookOutbox(pool.dataSource()), settings, clock, meters);
        return new PeriodicTask("shunt-webhook", EVERY, webhook::tell);
    }
}
