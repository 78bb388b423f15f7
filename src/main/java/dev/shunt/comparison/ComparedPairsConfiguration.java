package dev.shunt.comparison;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Lets groups that only shadow pairs found have a rate. */
@Configuration(proxyBeanMethods = false)
class ComparedPairsConfiguration {

    @Bean
    ComparedPairs comparedPairs(PairReports pairs) {
        return new ComparedPairs(pairs);
    }
}
