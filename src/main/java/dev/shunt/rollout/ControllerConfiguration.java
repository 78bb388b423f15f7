package dev.shunt.rollout;

import dev.shunt.core.InRoles;
import dev.shunt.core.Role;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.routing.FlagDatabase;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the controller. */
@Configuration(proxyBeanMethods = false)
class ControllerConfiguration {

    /**
     * Judges, and does what follows a rollback: both may take longer than the controller's lock may be left alone. Not
     * itself an executor: Spring would take one for its own.
     */
    record Work(ExecutorService threads) implements AutoCloseable {

        @Override
        public void close() {
            threads.shutdownNow();
        }
    }

    @Bean
    Work controllerWork() {
        // a judgement of each workload at a time: what one waits for must not keep others from being judged
        return new Work(Executors.newFixedThreadPool(
                8, Thread.ofPlatform().daemon().name("shunt-gates-", 0).factory()));
    }

    @Bean
    ControllerActs controllerActs(
            RolloutStore store,
            RolloutControl control,
            RolloutOperations operations,
            Judge judge,
            Fences fences,
            Work controllerWork,
            Clock clock) {
        return new ControllerActs(
                store,
                control,
                operations,
                judge,
                fences,
                (order, epoch) -> controllerWork.threads().execute(() -> control.follow(order, epoch)),
                clock);
    }

    @InRoles(Role.CONTROLLER)
    @Bean
    Controller controller(
            FlagDatabase database,
            RolloutStore store,
            Plans plans,
            WorkloadCatalog catalog,
            Recognition recognition,
            Judge judge,
            ControllerActs acts,
            Work controllerWork) {
        return new Controller(
                database.connections("shunt-controller"),
                store,
                plans,
                catalog,
                recognition,
                judge,
                acts,
                controllerWork.threads(),
                duration -> {
                    TimeUnit.NANOSECONDS.sleep(duration.toNanos());
                    return false;
                });
    }
}
