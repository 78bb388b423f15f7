package dev.shunt.temporal;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** How Temporal is reached. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TemporalAccess.class)
class TemporalAccessConfiguration {

    @Bean
    TemporalTransport temporalTransport(TemporalAccess access, Environment environment) {
        String mode = environment.getProperty("shunt.backends.temporal", "external");
        if (access.encrypted() && !mode.equals("external")) {
            throw new IllegalArgumentException("shunt.temporal.address must be host:port of a server of your own where"
                    + " shunt.temporal.tls.* or shunt.temporal.api-key is set, was not set: the embedded server knows"
                    + " neither");
        }
        return new TemporalTransport(access);
    }
}
