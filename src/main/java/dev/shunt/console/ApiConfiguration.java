package dev.shunt.console;

import dev.shunt.core.InRoles;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** Puts the guard before everything under {@code /api/v1}. */
@InRoles
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ApiSettings.class)
class ApiConfiguration {

    @Bean
    FilterRegistrationBean<ApiGuard> apiGuard(ApiSettings settings) {
        var registration = new FilterRegistrationBean<>(new ApiGuard(settings.token()));
        registration.addUrlPatterns("/api/v1/*");
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return registration;
    }
}
