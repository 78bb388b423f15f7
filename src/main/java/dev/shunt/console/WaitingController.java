package dev.shunt.console;

import dev.shunt.core.InFlight;
import dev.shunt.core.InFlight.Counts;
import dev.shunt.core.Instance;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Retries;
import dev.shunt.core.Retries.Retry;
import dev.shunt.core.Route;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** What waits: in the lists, in the registry, and for another try. */
@RestController
class WaitingController {

    private final InFlight inFlight;
    private final List<Retries> retries;
    private final ReadParameters parameters;
    private final Instance instance;
    private final Clock clock;

    WaitingController(
            InFlight inFlight, List<Retries> retries, ReadParameters parameters, Instance instance, Clock clock) {
        this.inFlight = inFlight;
        this.retries = List.copyOf(retries);
        this.parameters = parameters;
        this.instance = instance;
        this.clock = clock;
    }

    /**
     * @param instance whose consumers' retries are shown; lists and registry are those of all instances
     * @param waiting messages in the list
     * @param processing messages in consumers' hands
     * @param registered items on Temporal
     * @param oldestWaiting of the list; absent if it is empty, or its next message was not accepted yet
     * @param retries items that wait for another try
     * @param problems what could not be asked
     */
    record Waiting(
            String workload,
            String instance,
            Instant at,
            long waiting,
            long processing,
            long registered,
            @Nullable Oldest oldestWaiting,
            @Nullable Oldest oldestRegistered,
            List<RetryView> retries,
            List<String> problems) {}

    record Oldest(Instant acceptedAt, double ageSeconds) {}

    /** See {@link Retry}. */
    record RetryView(
            Route route,
            String doing,
            List<String> keys,
            int items,
            int tries,
            @Nullable Instant since,
            @Nullable Instant nextTry,
            String why) {

        static RetryView of(Retry retry) {
            return new RetryView(
                    retry.route(),
                    retry.doing(),
                    retry.keys().stream().map(ItemKey::value).toList(),
                    retry.items(),
                    retry.tries(),
                    retry.since(),
                    retry.nextTry(),
                    retry.why());
        }
    }

    @GetMapping("/api/v1/waiting/{workload}")
    Waiting waiting(@PathVariable("workload") String name) {
        Workload workload = parameters.workload(name);
        Counts counts = inFlight.counts(workload);
        Instant now = clock.instant();
        var problems = new ArrayList<String>();
        List<RetryView> tried = new ArrayList<>();
        for (Retries route : retries) {
            try {
                route.waiting(workload).forEach(retry -> tried.add(RetryView.of(retry)));
            } catch (UnavailableException away) {
                problems.add(String.valueOf(away.getMessage()));
            }
        }
        return new Waiting(
                workload.name(),
                instance.id(),
                now,
                counts.waiting(),
                counts.processing(),
                counts.registered(),
                oldest(counts.oldestWaiting(), now),
                oldest(counts.oldestRegistered(), now),
                tried,
                problems);
    }

    private static @Nullable Oldest oldest(Optional<Instant> acceptedAt, Instant now) {
        return acceptedAt
                .map(at -> new Oldest(at, Duration.between(at, now).toMillis() / 1_000.0))
                .orElse(null);
    }
}
