package dev.shunt.intake;

import dev.shunt.core.InRoles;
import dev.shunt.core.Role;
import dev.shunt.core.WorkloadDefinition;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.function.RequestPredicates;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

/** One POST path for each workload, and the old ingest's health page. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DoorSettings.class)
class DoorConfiguration {

    private static final String VERSION = "0.1.0";

    @Bean
    RouterFunction<ServerResponse> oldHealthPage() {
        return RouterFunctions.route()
                .GET(
                        "/health",
                        request -> ServerResponse.ok()
                                .contentType(MediaType.APPLICATION_JSON)
                                .body(Map.of("status", "ok", "version", VERSION)))
                .build();
    }

    @InRoles(Role.INGEST)
    @Bean
    RouterFunction<ServerResponse> doors(
            List<WorkloadDefinition> workloads,
            ProjectResolver projects,
            Intake intake,
            Admission admission,
            DoorSettings settings,
            Clock clock) {
        RouterFunctions.Builder routes = RouterFunctions.route();
        for (WorkloadDefinition workload : workloads) {
            var door = new Door(workload.door(), projects, intake, admission, settings, clock);
            routes.POST(workload.door().path(), door::post);
            routes.route(RequestPredicates.path(workload.door().path()), Door::wrongMethod);
        }
        return routes.build();
    }
}
