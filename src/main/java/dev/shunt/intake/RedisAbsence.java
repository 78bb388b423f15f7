package dev.shunt.intake;

import dev.shunt.core.Item;
import dev.shunt.core.Reason;
import dev.shunt.core.Route;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.RouteGateway.Dispatch;
import dev.shunt.core.StandIn;
import dev.shunt.core.UnavailableException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * What the door does while Redis is away: items are made durable in Postgres and reach the legacy list later. For a moment
 * after each failure Redis is not even asked, so that a frozen one does not hold every request until its timeout.
 */
@Component
final class RedisAbsence {

    private static final Logger log = LoggerFactory.getLogger(RedisAbsence.class);
    private static final long MOMENT_NANOS = Duration.ofMillis(250).toNanos();

    private final StandIn standIn;
    private volatile boolean away;
    private volatile long awayUntil;

    RedisAbsence(StandIn standIn) {
        this.standIn = standIn;
    }

    /** Whether Redis failed a moment ago. */
    boolean isFresh() {
        return away && awayUntil - System.nanoTime() > 0;
    }

    void ended() {
        if (away) {
            away = false;
            log.info("Redis takes items again; those that stand in Postgres follow");
        }
    }

    void noticed(String why) {
        awayUntil = System.nanoTime() + MOMENT_NANOS;
        if (!away) {
            away = true;
            log.warn("Redis takes no items ({}); Postgres takes them until it does", why);
        }
    }

    /** @param refused the answer if Postgres cannot take the item either */
    Dispatch instead(Item item, RouteDecision decision, Dispatch.Refused refused) {
        RouteDecision diverted = decision.divertedToLegacy(Reason.STANDBY);
        try {
            return standIn.keep(item, diverted)
                    ? new Dispatch.Accepted(diverted, null)
                    : new Dispatch.Duplicate(Route.LEGACY, null);
        } catch (UnavailableException alsoAway) {
            return new Dispatch.Refused(
                    refused.why() + "; and instead: " + alsoAway.getMessage(), longer(refused, alsoAway));
        }
    }

    private static Duration longer(Dispatch.Refused refused, UnavailableException away) {
        return refused.retryAfter().compareTo(away.retryAfter()) > 0 ? refused.retryAfter() : away.retryAfter();
    }
}
