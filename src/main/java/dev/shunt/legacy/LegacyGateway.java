package dev.shunt.legacy;

import dev.shunt.core.InFlight;
import dev.shunt.core.InFlight.Registration;
import dev.shunt.core.Item;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Route;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.RouteGateway;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way onto the Redis list. */
final class LegacyGateway implements RouteGateway {

    private static final Logger log = LoggerFactory.getLogger(LegacyGateway.class);
    private static final Duration SOONEST = Duration.ofSeconds(1);
    private static final Duration LATEST = Duration.ofSeconds(5);

    private final InFlight inFlight;

    LegacyGateway(InFlight inFlight) {
        this.inFlight = inFlight;
    }

    @Override
    public Route route() {
        return Route.LEGACY;
    }

    @Override
    public Optional<String> unready(Workload workload) {
        try {
            inFlight.fence(workload);
            return Optional.empty();
        } catch (UnavailableException away) {
            return Optional.of(String.valueOf(away.getMessage()));
        }
    }

    @Override
    public Dispatch dispatch(Item item, RouteDecision decision) {
        try {
            return switch (inFlight.acceptOnLegacy(item, decision)) {
                case Registration.Registered accepted -> new Dispatch.Accepted(decision, null);
                case Registration.Duplicate known ->
                    new Dispatch.Duplicate(known.entry().route(), null);
                case Registration.Fenced impossible ->
                    throw new IllegalStateException("the legacy route has no fence, yet answered " + impossible);
            };
        } catch (UnavailableException away) {
            Duration retryAfter = bounded(away.retryAfter());
            log.debug(
                    "Could not accept {} on legacy: {}. If nothing stands in, its sender is asked to try again in {}",
                    item.key(),
                    away.getMessage(),
                    retryAfter);
            return new Dispatch.Refused("the queue cannot be reached", retryAfter);
        }
    }

    private static Duration bounded(Duration retryAfter) {
        if (retryAfter.compareTo(SOONEST) < 0) {
            return SOONEST;
        }
        return retryAfter.compareTo(LATEST) > 0 ? LATEST : retryAfter;
    }

    @Override
    public Optional<Description> describe(Workload workload, ItemKey key) {
        return inFlight.find(workload, key)
                .filter(entry -> entry.route() == Route.LEGACY)
                .map(entry -> new Description(Route.LEGACY, "WAITING", null, null, null));
    }

    /** A message in a list that old consumers share cannot be told to stop; it is always false. */
    @Override
    public boolean cancel(Workload workload, ItemKey key, String why) {
        return false;
    }

    @Override
    public boolean signal(Workload workload, ItemKey key, String signal, byte[] json) {
        return false;
    }
}
