package dev.shunt.operations;

import dev.shunt.core.BurialListener;
import dev.shunt.core.CommitListener;
import dev.shunt.core.DeadLetters.DeadLetter;
import dev.shunt.core.Delivery;
import dev.shunt.core.ItemHandler;
import dev.shunt.core.Route;
import dev.shunt.core.Stamp;
import dev.shunt.core.WayIn;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** Counts how items end on this instance, and how long they took since their acceptance. */
@Component
final class ItemMeters implements CommitListener, BurialListener {

    private static final Duration[] LIMITS = {
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMinutes(1),
        Duration.ofMinutes(5)
    };

    private final MeterRegistry meters;
    private final Clock clock;

    ItemMeters(MeterRegistry meters, Clock clock, WorkloadCatalog catalog) {
        this.meters = meters;
        this.clock = clock;
        for (Workload workload : catalog.workloads()) {
            for (Route route : Route.values()) {
                dead(workload, route);
                repeated(workload, route);
                for (WayIn wayIn : WayIn.values()) {
                    completed(workload, wayIn, route);
                    latency(workload, wayIn, route);
                }
            }
        }
    }

    @Override
    public void stored(Delivery delivery, boolean pending) {
        Stamp stamp = delivery.stamp();
        completed(delivery.workload(), stamp.wayIn(), delivery.route()).increment();
        Duration took = Duration.between(stamp.acceptedAt(), clock.instant());
        latency(delivery.workload(), stamp.wayIn(), delivery.route()).record(took.isNegative() ? Duration.ZERO : took);
    }

    /** Accepted once more after its end, as a client that sends again may be; nobody waits for a commit of its own. */
    @Override
    public void written(Delivery delivery, ItemHandler.Outcome outcome, int group, Duration took) {
        if (outcome instanceof ItemHandler.Outcome.Duplicate) {
            repeated(delivery.workload(), delivery.route()).increment();
        }
    }

    @Override
    public void buried(DeadLetter letter, Stamp stamp) {
        dead(letter.workload(), letter.route()).increment();
    }

    private Counter completed(Workload workload, WayIn wayIn, Route route) {
        return Counter.builder("shunt.completed")
                .description("Items committed by this instance")
                .tag("workload", workload.name())
                .tag("way_in", wayIn.name())
                .tag("route", route.name())
                .register(meters);
    }

    private Counter repeated(Workload workload, Route route) {
        return Counter.builder("shunt.repeated")
                .description("Items that another delivery had committed before, found so at their commit here")
                .tag("workload", workload.name())
                .tag("route", route.name())
                .register(meters);
    }

    private Timer latency(Workload workload, WayIn wayIn, Route route) {
        return Timer.builder("shunt.latency")
                .description("From acceptance to commit")
                .serviceLevelObjectives(LIMITS)
                .tag("workload", workload.name())
                .tag("way_in", wayIn.name())
                .tag("route", route.name())
                .register(meters);
    }

    private Counter dead(Workload workload, Route route) {
        return Counter.builder("shunt.dead.letters")
                .description("Accepted items that became dead letters here")
                .tag("workload", workload.name())
                .tag("route", route.name())
                .register(meters);
    }
}
