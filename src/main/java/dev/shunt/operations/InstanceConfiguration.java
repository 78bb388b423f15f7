package dev.shunt.operations;

import dev.shunt.core.Instance;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.core.WorkloadSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** What every part of this process shares: the clock, the instance's name, the configured workloads. */
@Configuration(proxyBeanMethods = false)
class InstanceConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    Instance instance() {
        return new Instance(hostName() + "-" + UUID.randomUUID().toString().substring(0, 8));
    }

    @Bean
    WorkloadCatalog workloadCatalog(Environment environment) {
        Map<String, WorkloadSettings> blocks = Binder.get(environment)
                .bind("shunt.workloads", Bindable.mapOf(String.class, WorkloadSettings.class))
                .orElse(Map.of());
        return new WorkloadCatalog(blocks.entrySet().stream()
                .collect(Collectors.toMap(block -> new Workload(block.getKey()), Map.Entry::getValue)));
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "shunt";
        }
    }
}
