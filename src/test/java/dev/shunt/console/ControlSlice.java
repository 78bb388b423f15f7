package dev.shunt.console;

import dev.shunt.core.WorkloadCatalog;
import dev.shunt.rollout.IdempotencyKeys;
import dev.shunt.rollout.PinBook;
import dev.shunt.rollout.ProgressReader;
import dev.shunt.rollout.Recalls;
import dev.shunt.rollout.RolloutControl;
import dev.shunt.rollout.RolloutOperations;
import dev.shunt.rollout.RolloutStory;
import dev.shunt.rollout.TestControl;
import dev.shunt.routing.TestRouters;
import java.util.Map;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;

/** The control API over HTTP without the rest of the service. */
final class ControlSlice {

    private ControlSlice() {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({
        ApiConfiguration.class,
        IdempotencyConfiguration.class,
        RolloutController.class,
        RolloutOrders.class,
        RolloutViews.class,
        StoryController.class,
        PinController.class,
        RecallController.class,
        VerdictController.class,
        ReadParameters.class,
        OpenApiController.class,
        ApiProblems.class,
        ApiRequests.class
    })
    static class Slice {}

    static ConfigurableApplicationContext run(TestControl instance, Map<String, Object> properties) {
        ApplicationContextInitializer<GenericApplicationContext> control = context -> {
            context.registerBean(RolloutControl.class, instance::control);
            context.registerBean(RolloutOperations.class, instance::operations);
            context.registerBean(Recalls.class, instance::recalls);
            context.registerBean(ProgressReader.class, instance::progress);
            context.registerBean(RolloutStory.class, instance::story);
            context.registerBean(PinBook.class, instance::pins);
            context.registerBean(IdempotencyKeys.class, instance::keys);
            context.registerBean(WorkloadCatalog.class, () -> TestRouters.CATALOG);
        };
        return new SpringApplicationBuilder(Slice.class)
                .initializers(control)
                .properties(properties)
                .run(
                        "--server.port=0",
                        "--shunt.embedded.enabled=false",
                        // The slice has no door, whose health the readiness group asks for.
                        "--management.endpoint.health.validate-group-membership=false",
                        "--spring.autoconfigure.exclude="
                                + "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration,"
                                + "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration");
    }
}
