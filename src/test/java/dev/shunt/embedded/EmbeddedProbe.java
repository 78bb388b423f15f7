package dev.shunt.embedded;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** An application with nothing in it but its embedded backends, to be run and killed by a test. */
@Configuration(proxyBeanMethods = false)
class EmbeddedProbe {

    public static void main(String[] args) {
        SpringApplication.run(EmbeddedProbe.class, args);
        System.out.println("READY");
        while (true) {
            LockSupport.parkNanos(Duration.ofDays(1).toNanos());
        }
    }

    @Bean
    CommandLineRunner print(Environment environment) {
        if (environment.getProperty("probe.fails", Boolean.class, false)) {
            throw new IllegalStateException("a bean that fails");
        }
        return arguments -> {
            for (String key : new String[] {
                "spring.datasource.url", "spring.datasource.username", "spring.datasource.password", "shunt.redis.url",
                "shunt.temporal.address", "shunt.temporal.in-memory", "shunt.temporal.ui", "shunt.backends.postgres",
                "shunt.backends.redis", "shunt.backends.temporal"
            }) {
                System.out.println(key + "=" + environment.getProperty(key));
            }
        };
    }
}
