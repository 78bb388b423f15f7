package dev.shunt.rollout;

import dev.shunt.comparison.Gates;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.routing.FlagDatabase;
import dev.shunt.routing.Router;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires plans, states, steps and audit trail. */
@Configuration(proxyBeanMethods = false)
class StepsConfiguration {

    @Bean
    Plans plans(RolloutSettings settings, InFlightSettings inFlight, WorkloadCatalog catalog, Gates gates) {
        return Plans.checked(settings, inFlight.policy(), catalog, gates);
    }

    @Bean
    RolloutStore rolloutStore(FlagDatabase database, WorkloadCatalog catalog) {
        return new RolloutStore(database.connections("shunt-rollout"), catalog);
    }

    @Bean
    RolloutEvents rolloutEvents(FlagDatabase database) {
        return new RolloutEvents(database.connections("shunt-rollout"));
    }

    @Bean
    Recognition recognition(RolloutStore store, Plans plans) {
        return new Recognition(store, plans);
    }

    @Bean
    Judge judge(Plans plans, Gates gates, Router router) {
        return new Judge(plans, gates, router);
    }

    @Bean
    RolloutOperations rolloutOperations(
            RolloutStore store,
            RolloutControl control,
            Judge judge,
            Plans plans,
            Preflights preflights,
            ObjectProvider<CompletionCheck> completion) {
        return new RolloutOperations(
                store,
                control,
                judge,
                plans,
                preflights,
                completion.orderedStream().toList());
    }

    @Bean
    ProgressReader progressReader(RolloutStore store, Plans plans, Gates gates, Judge judge) {
        return new ProgressReader(store, plans, gates, judge);
    }

    @Bean
    RolloutStory rolloutStory(FlagDatabase database, WorkloadCatalog catalog) {
        return new RolloutStory(database.connections("shunt-rollout"), catalog);
    }

    @Bean
    PinBook pinBook(FlagDatabase database, RolloutStore store, RolloutControl control) {
        return new PinBook(database.connections("shunt-rollout"), store, control);
    }

    @Bean
    IdempotencyKeys idempotencyKeys(FlagDatabase database) {
        return new IdempotencyKeys(database.connections("shunt-rollout"));
    }
}
