package dev.shunt.operations;

import java.util.List;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.util.StringUtils;

/**
 * Lets an operator keep the variables of the old system. They rank just below the environment itself: Spring's own names
 * for the same setting win, whatever application.yaml says.
 */
final class OldVariablesPostProcessor implements EnvironmentPostProcessor, Ordered {

    private static final List<String> DATABASE =
            List.of("spring.datasource.url", "spring.datasource.username", "spring.datasource.password");
    private static final String NAME = "variables of the old systems";

    /** After the configuration files are read: their placeholders must not come back above this. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        Map<String, Object> settings = OldVariables.settings(new Variables(environment::getProperty));
        // An address in Spring's own words must not get the login of another one.
        if (StringUtils.hasText(environment.getProperty("spring.datasource.url"))) {
            settings.keySet().removeAll(DATABASE);
        }
        if (settings.isEmpty()) {
            return;
        }
        MapPropertySource source = new MapPropertySource(NAME, settings);
        MutablePropertySources sources = environment.getPropertySources();
        if (sources.contains(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME)) {
            sources.addAfter(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, source);
        } else {
            sources.addFirst(source);
        }
    }
}
