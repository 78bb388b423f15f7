package dev.shunt.rollout;

import dev.shunt.comparison.Leading;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Tells those who keep evidence whether this instance watches the rollouts. */
@Configuration(proxyBeanMethods = false)
class LeadingConfiguration {

    /** Asked late: the controller needs the gates, which ask this. */
    @Bean
    Leading leading(ObjectProvider<Controller> controllers) {
        return () -> controllers.stream().anyMatch(Controller::leads);
    }
}
