package dev.shunt.console;

import org.springframework.core.env.Environment;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What this instance runs on: in words, and the addresses without their passwords. */
@RestController
final class BackendsController {

    private static final String EXTERNAL = "external";
    private final Environment environment;

    BackendsController(Environment environment) {
        this.environment = environment;
    }

    /**
     * @param temporalUi empty if the server has none that Shunt knows of
     * @param temporalInMemory whether Temporal forgets everything when this process stops
     */
    record Backends(
            String postgres,
            String redis,
            String temporal,
            String jdbcUrl,
            String redisUrl,
            String temporalAddress,
            String temporalUi,
            boolean temporalInMemory) {}

    @GetMapping("/api/v1/backends")
    Backends backends() {
        return new Backends(
                setting("shunt.backends.postgres", EXTERNAL),
                setting("shunt.backends.redis", EXTERNAL),
                setting("shunt.backends.temporal", EXTERNAL),
                withoutPassword(setting("spring.datasource.url", "")),
                withoutPassword(setting("shunt.redis.url", "")),
                setting("shunt.temporal.address", ""),
                setting("shunt.temporal.ui", ""),
                environment.getProperty("shunt.temporal.in-memory", Boolean.class, false));
    }

    private String setting(String key, String otherwise) {
        return environment.getProperty(key, otherwise);
    }

    /** Cuts {@code user:password@} and {@code password=...}. */
    static String withoutPassword(String address) {
        return address.replaceAll("//[^/@]*@", "//").replaceAll("(?i)([?&])password=[^&]*&?", "$1");
    }
}
