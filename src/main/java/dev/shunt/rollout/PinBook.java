package dev.shunt.rollout;

import dev.shunt.core.Epoch;
import dev.shunt.core.Route;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.rollout.RolloutOutcome.Applied;
import dev.shunt.rollout.RolloutOutcome.Overtaken;
import dev.shunt.rollout.RolloutOutcome.Refused;
import dev.shunt.rollout.RolloutStore.Scene;
import dev.shunt.routing.Pin;
import dev.shunt.routing.Pins;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Forces projects or routing keys to a route until a date. A pin is a new version of the flag, obeyed and acknowledged
 * like one. A pin to Temporal says nothing while the flag is at 0: a rollback is stronger.
 */
public final class PinBook {

    /** Who is pinned for longer should be part of the plan. */
    public static final Duration LONGEST = Duration.ofDays(90);

    private static final Duration AWAY = Duration.ofSeconds(2);
    private static final String LIST = """
            select scope, value, route, until, reason, pinned_by, verified, pinned_at from rollout_pin
            where workload = ? and removed_at is null and until > clock_timestamp() order by scope, value
            """;

    private final DataSource connections;
    private final RolloutStore store;
    private final RolloutControl control;

    PinBook(DataSource connections, RolloutStore store, RolloutControl control) {
        this.connections = connections;
        this.store = store;
        this.control = control;
    }

    /** A pin with what is known about it. */
    public record Pinned(Pin pin, String reason, Actor by, Instant at) {}

    /**
     * Pins in force.
     *
     * @throws UnavailableException if Postgres is away
     */
    public List<Pinned> list(Workload workload) {
        try {
            return JdbcClient.create(connections)
                    .sql(LIST)
                    .param(workload.name())
                    .query((row, n) -> new Pinned(
                            new Pin(
                                    Pin.Scope.valueOf(row.getString("scope")),
                                    row.getString("value"),
                                    Route.valueOf(row.getString("route")),
                                    row.getObject("until", OffsetDateTime.class).toInstant()),
                            row.getString("reason"),
                            new Actor(row.getString("pinned_by"), row.getBoolean("verified")),
                            row.getObject("pinned_at", OffsetDateTime.class).toInstant()))
                    .list();
        } catch (DataAccessException e) {
            throw new UnavailableException("the pins of " + workload + " cannot be read", AWAY, e);
        }
    }

    /**
     * Sets a pin in place of the one that is there for the same project or key.
     *
     * @throws UnavailableException if Postgres is away: it may or may not be in force
     */
    public RolloutOutcome pin(RolloutOrder order, Pin pin) {
        return take(order, pin.scope(), pin.value(), pin);
    }

    /**
     * Takes a pin back.
     *
     * @throws UnavailableException if Postgres is away: it may or may not be in force
     */
    public RolloutOutcome release(RolloutOrder order, Pin.Scope scope, String value) {
        return take(order, scope, value, null);
    }

    private RolloutOutcome take(RolloutOrder order, Pin.Scope scope, String value, @Nullable Pin pin) {
        Workload workload = order.workload();
        RolloutOutcome outcome = store.change(workload, scene -> {
            Epoch current = scene.before().epoch();
            if (order.expected().filter(wanted -> !wanted.equals(current)).isPresent()) {
                return new Overtaken(control.latest(workload));
            }
            return change(scene, order, scope, value, pin);
        });
        return outcome instanceof Applied applied
                ? new Applied(applied.epoch(), control.laggards(workload, applied.epoch()))
                : outcome;
    }

    private static RolloutOutcome change(
            Scene scene, RolloutOrder order, Pin.Scope scope, String value, @Nullable Pin pin) {
        JdbcClient sql = scene.sql();
        String words = scope.name().toLowerCase(java.util.Locale.ROOT) + " " + value;
        if (pin != null
                && (!pin.until().isAfter(scene.now())
                        || pin.until().isAfter(scene.now().plus(LONGEST)))) {
            return new Refused("until must be after now and within " + LONGEST.toDays() + " days", false);
        }
        FlagWriter.say(
                sql,
                order.actor(),
                pin == null
                        ? words + " is pinned no more: " + order.reason()
                        : words + " is pinned to " + pin.route() + " until " + pin.until() + ": " + order.reason());
        if (pin != null && pin.route() == Route.LEGACY && scene.before().state() == RolloutState.COMPLETED) {
            return new Refused("the rollout is completed: there is no legacy route to pin to", false);
        }
        if (pin != null && others(scene, order, pin) >= Pins.MOST) {
            return new Refused("at most " + Pins.MOST + " pins can be in force for a workload", false);
        }
        int removed = sql.sql("""
                update rollout_pin set removed_at = clock_timestamp()
                where workload = ? and scope = ? and value = ? and removed_at is null
                """)
                .params(order.workload().name(), scope.name(), value)
                .update();
        if (pin == null && removed == 0) {
            return new Refused(words + " is not pinned", false);
        }
        if (pin != null) {
            insert(scene, order, pin);
        }
        RolloutEvents.append(
                sql,
                new RolloutEvent(
                        order.workload(),
                        null,
                        pin == null ? "UNPIN" : "PIN",
                        order.actor(),
                        order.reason(),
                        null,
                        null,
                        FlagWriter.current(sql, scene.feature()),
                        null,
                        pin == null ? words : words + " to " + pin.route() + " until " + pin.until()));
        return new Applied(FlagWriter.current(sql, scene.feature()), List.of());
    }

    private static void insert(Scene scene, RolloutOrder order, Pin pin) {
        scene.sql()
                .sql("""
                insert into rollout_pin (workload, feature, scope, value, route, until, reason, pinned_by, verified)
                values (?, ?, ?, ?, ?, ?::timestamptz, ?, ?, ?)
                """)
                .params(
                        order.workload().name(),
                        scene.feature(),
                        pin.scope().name(),
                        pin.value(),
                        pin.route().name(),
                        pin.until().toString(),
                        order.reason(),
                        order.actor().label(),
                        order.actor().verified())
                .update();
    }

    private static long others(Scene scene, RolloutOrder order, Pin pin) {
        return scene.sql()
                .sql("""
                select count(*) from rollout_pin
                where workload = ? and removed_at is null and until > clock_timestamp() and (scope, value) <> (?, ?)
                """)
                .params(order.workload().name(), pin.scope().name(), pin.value())
                .query(Long.class)
                .single();
    }
}
