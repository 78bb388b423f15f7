package dev.shunt.console;

import dev.shunt.core.InRoles;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** Puts a guard before the status page and all that belongs to it. */
@InRoles
@Configuration(proxyBeanMethods = false)
class ConsoleConfiguration {

    @Bean
    FilterRegistrationBean<PageGuard> pageGuard(ApiSettings settings) {
        var registration = new FilterRegistrationBean<>(new PageGuard(settings.token()));
        registration.addUrlPatterns("/", "/console/*");
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return registration;
    }
}
