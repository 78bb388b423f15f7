package dev.shunt.rollout;

import dev.shunt.core.Epoch;
import dev.shunt.core.InFlight;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Route;
import dev.shunt.core.RouteGateway;
import dev.shunt.core.SettledItems;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.rollout.RollbackProof.FlightState;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is on Temporal: how much of it a rollback has to wait for, and what the oldest of it is at. */
final class Flights {

    private static final Logger log = LoggerFactory.getLogger(Flights.class);
    private static final int ASKED = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final InFlight inFlight;
    private final SettledItems settled;
    private final Optional<RouteGateway> temporal;

    Flights(InFlight inFlight, SettledItems settled, List<RouteGateway> gateways) {
        this.inFlight = inFlight;
        this.settled = settled;
        this.temporal = gateways.stream()
                .filter(gateway -> gateway.route() == Route.TEMPORAL)
                .findFirst();
    }

    /**
     * Registered items that were decided before a version.
     *
     * @param superseded whether newer versions may have registered items too; otherwise all that is registered is older
     * @throws UnavailableException if Redis is away
     */
    long decidedBefore(Workload workload, Epoch epoch, boolean superseded) {
        long registered = inFlight.counts(workload).registered();
        if (registered == 0 || !superseded) {
            return registered;
        }
        var census = inFlight.census(workload);
        return census.registry().stream()
                .map(census.book()::get)
                .filter(entry -> entry == null || entry.epoch().isBefore(epoch))
                .count();
    }

    /** The oldest items by what they are at, the rest as unknown. Takes a second or so; never fails. */
    Map<FlightState, Long> states(Workload workload) {
        var states = new EnumMap<FlightState, Long>(FlightState.class);
        try {
            long registered = inFlight.counts(workload).registered();
            if (registered == 0) {
                return states;
            }
            Map<ItemKey, Instant> oldest = new LinkedHashMap<>();
            inFlight.registered(workload, Instant.MAX, Optional.empty(), ASKED)
                    .forEach(one -> oldest.put(one.key(), one.acceptedAt()));
            Set<ItemKey> done = settled(workload, oldest);
            long end = System.nanoTime() + PATIENCE.toNanos();
            for (ItemKey key : oldest.keySet()) {
                FlightState state = done.contains(key)
                        ? FlightState.FINISHING
                        : System.nanoTime() - end < 0 ? state(workload, key) : FlightState.UNKNOWN;
                states.merge(state, 1L, Long::sum);
            }
            if (registered > oldest.size()) {
                states.merge(FlightState.UNKNOWN, registered - oldest.size(), Long::sum);
            }
        } catch (UnavailableException away) {
            log.debug("What items of {} are at is not known: {}", workload, away.toString());
        }
        return states;
    }

    private Set<ItemKey> settled(Workload workload, Map<ItemKey, Instant> acceptedAt) {
        try {
            return settled.settled(workload, acceptedAt);
        } catch (UnavailableException away) {
            log.debug("Which items of {} are done is not known: {}", workload, away.toString());
            return Set.of();
        }
    }

    private FlightState state(Workload workload, ItemKey key) {
        try {
            return temporal.map(gateway -> gateway.describe(workload, key)
                            .map(found -> state(found.status()))
                            .orElse(FlightState.REGISTERED))
                    .orElse(FlightState.UNKNOWN);
        } catch (UnavailableException away) {
            log.debug("What {} is at is not known: {}", key, away.toString());
            return FlightState.UNKNOWN;
        }
    }

    private static FlightState state(String status) {
        return switch (status) {
            case "RUNNING", "PAUSED", "CONTINUED_AS_NEW" -> FlightState.RUNNING;
            case "COMPLETED" -> FlightState.FINISHING;
            case "UNSPECIFIED" -> FlightState.UNKNOWN;
            default -> FlightState.CLOSED;
        };
    }
}
