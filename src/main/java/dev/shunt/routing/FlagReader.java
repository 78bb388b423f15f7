package dev.shunt.routing;

import dev.shunt.core.Epoch;
import dev.shunt.core.Percentage;
import dev.shunt.core.Route;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads flags by name, tolerantly: FF4j's own reader throws for the whole store when one row is malformed. A row that is
 * missing, has another strategy or no readable percentage is 0 %, with the problem named.
 */
final class FlagReader {

    private static final String SQL = """
            select v.feature, v.epoch, v.changed_at, v.changed_by, v.verified, v.reason,
                   f.feat_uid is not null as present, f.enable, f.strategy, f.expression
            from flag_version v left join ff4j_features f on f.feat_uid = v.feature
            where v.feature = any (?)
            """;
    private static final String PINS = """
            select feature, scope, value, route, until from rollout_pin
            where feature = any (?) and removed_at is null and until > clock_timestamp()
            """;
    private static final String RETIRED =
            "select feature, released_at is not null from retirement where feature = any (?)";
    private static final Pattern EXPRESSION = Pattern.compile("bp=(10000|[0-9]{1,4})");

    private final Clock clock;

    FlagReader(Clock clock) {
        this.clock = clock;
    }

    /** One snapshot for each of the features, all as of one moment; pins and retirement are read after it, so they may be newer, never older. */
    Map<String, FlagSnapshot> read(Connection connection, Collection<String> features) throws SQLException {
        Instant now = clock.instant();
        var flags = new HashMap<String, FlagSnapshot>();
        for (String feature : features) {
            flags.put(feature, FlagSnapshot.none(feature, "no such feature in ff4j_features", now));
        }
        try (var statement = connection.prepareStatement(SQL)) {
            statement.setArray(1, connection.createArrayOf("text", features.toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    FlagSnapshot flag = flag(rows, now);
                    flags.put(flag.feature(), flag);
                }
            }
        }
        var pins = pins(connection, features);
        var left = legacySides(connection, features);
        flags.replaceAll((feature, flag) -> flag.with(
                new Pins(pins.getOrDefault(feature, List.of())), left.getOrDefault(feature, LegacySide.KEPT)));
        return flags;
    }

    private static Map<String, LegacySide> legacySides(Connection connection, Collection<String> features)
            throws SQLException {
        var left = new HashMap<String, LegacySide>();
        try (var statement = connection.prepareStatement(RETIRED)) {
            statement.setArray(1, connection.createArrayOf("text", features.toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    left.put(rows.getString(1), rows.getBoolean(2) ? LegacySide.RELEASED : LegacySide.RETIRED);
                }
            }
        }
        return left;
    }

    private static Map<String, List<Pin>> pins(Connection connection, Collection<String> features) throws SQLException {
        var pins = new HashMap<String, List<Pin>>();
        try (var statement = connection.prepareStatement(PINS)) {
            statement.setArray(1, connection.createArrayOf("text", features.toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    pins.computeIfAbsent(rows.getString("feature"), feature -> new ArrayList<>())
                            .add(new Pin(
                                    Pin.Scope.valueOf(rows.getString("scope")),
                                    rows.getString("value"),
                                    Route.valueOf(rows.getString("route")),
                                    rows.getObject("until", OffsetDateTime.class)
                                            .toInstant()));
                }
            }
        }
        return pins;
    }

    private static FlagSnapshot flag(ResultSet row, Instant now) throws SQLException {
        boolean present = row.getBoolean("present");
        String strategy = row.getString("strategy");
        String expression = row.getString("expression");
        String problem = present ? problem(strategy, expression) : "no such feature in ff4j_features";
        return new FlagSnapshot(
                row.getString("feature"),
                new Epoch(row.getLong("epoch")),
                row.getInt("enable") == 1,
                problem == null ? percentage(expression) : Percentage.ZERO,
                row.getString("changed_by"),
                row.getBoolean("verified"),
                row.getObject("changed_at", OffsetDateTime.class).toInstant(),
                row.getString("reason"),
                problem,
                Pins.NONE,
                LegacySide.KEPT,
                now);
    }

    static @Nullable String problem(@Nullable String strategy, @Nullable String expression) {
        if (!StickyBasisPoints.class.getName().equals(strategy)) {
            return "strategy must be " + StickyBasisPoints.class.getName() + ", is " + strategy;
        }
        if (expression == null || !EXPRESSION.matcher(expression).matches()) {
            return "expression must be bp=0..10000, is " + expression;
        }
        return null;
    }

    private static Percentage percentage(String expression) {
        Matcher form = EXPRESSION.matcher(expression);
        return form.matches() ? new Percentage(Integer.parseInt(form.group(1))) : Percentage.ZERO;
    }
}
