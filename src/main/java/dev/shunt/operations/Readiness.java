package dev.shunt.operations;

import dev.shunt.core.Role;
import dev.shunt.core.Roles;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.stereotype.Component;

/**
 * Whether this process should get work now. Who takes requests is asked for no more than what requests need, so that a
 * process with all roles stays ready while Temporal is away, and a console also while everything is: a rollback must find it.
 */
@Component
final class Readiness {

    /** What a role cannot do without, by the names of health indicators. Roles that take requests are asked first. */
    private static final Map<Role, List<String>> NEEDS = new EnumMap<>(Map.of(
            Role.INGEST, List.of("door"),
            Role.CONSOLE, List.of(),
            Role.LEGACY_CONSUMER, List.of("redis", "postgres"),
            Role.TEMPORAL_WORKER, List.of("postgres", "temporal"),
            Role.CONTROLLER, List.of("postgres")));

    private static final List<Role> TAKE_REQUESTS = List.of(Role.INGEST, Role.CONSOLE);

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration RECENT = Duration.ofSeconds(5);

    private final ApplicationAvailability availability;
    private final Function<String, Health> backends;
    private final List<String> needs;
    private @Nullable Looked looked;

    private record Looked(long at, Optional<Obstacle> obstacle) {}

    Readiness(Roles roles, ApplicationAvailability availability, Map<String, HealthIndicator> indicators) {
        this.availability = availability;
        this.backends = name -> {
            HealthIndicator indicator = indicators.get(name + "HealthIndicator");
            Health health = indicator == null ? null : indicator.health();
            return health == null
                    ? Health.unknown().withDetail("why", "nobody asks it here").build()
                    : health;
        };
        this.needs = needs(roles);
    }

    private static List<String> needs(Roles roles) {
        List<Role> asked = TAKE_REQUESTS.stream().filter(roles::has).toList();
        return (asked.isEmpty() ? List.copyOf(roles.all()) : asked)
                .stream()
                        .flatMap(role -> NEEDS.getOrDefault(role, List.of()).stream())
                        .distinct()
                        .sorted()
                        .toList();
    }

    /**
     * Something that stands against it.
     *
     * @param reason what, in a word or two
     * @param error why, as whoever was asked put it
     */
    record Obstacle(String reason, String error) {}

    /** Empty if it is ready, as of this second: many probes ask the backends once. */
    Optional<Obstacle> obstacle() {
        return obstacle(SECOND);
    }

    /** The same, as of a few seconds ago at most. */
    Optional<Obstacle> recentObstacle() {
        return obstacle(RECENT);
    }

    private synchronized Optional<Obstacle> obstacle(Duration age) {
        if (availability.getReadinessState() != ReadinessState.ACCEPTING_TRAFFIC) {
            return Optional.of(new Obstacle("not accepting work", "starting, or shutting down"));
        }
        Looked before = looked;
        if (before == null || System.nanoTime() - before.at() >= age.toNanos()) {
            before = new Looked(System.nanoTime(), look());
            looked = before;
        }
        return before.obstacle();
    }

    private Optional<Obstacle> look() {
        return needs.stream().flatMap(name -> unready(name).stream()).findFirst();
    }

    private Optional<Obstacle> unready(String name) {
        Health health = backends.apply(name);
        return health.getStatus().equals(Status.UP)
                ? Optional.empty()
                : Optional.of(new Obstacle(
                        name + " unavailable",
                        String.valueOf(health.getDetails().get("why"))));
    }

    /** Empty if the process is well. A stop that has begun is no illness: it needs time to end what is in hand. */
    Optional<Obstacle> illness() {
        // nothing is said of it while beans start, which is no illness either
        if (availability.getState(LivenessState.class, LivenessState.CORRECT) == LivenessState.CORRECT) {
            return Optional.empty();
        }
        AvailabilityChangeEvent<LivenessState> said = availability.getLastChangeEvent(LivenessState.class);
        String why = said == null ? "" : said.getSource() + ": ";
        return Optional.of(new Obstacle("broken", why + "the process cannot go on and must be started anew"));
    }

    /** Whether it is well and no stop has begun. */
    boolean runs() {
        return illness().isEmpty() && availability.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC;
    }
}
