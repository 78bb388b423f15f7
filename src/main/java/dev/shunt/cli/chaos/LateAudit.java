package dev.shunt.cli.chaos;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What a rollback promises, held against the ledger: nothing new for Temporal from its answer until the next raise. */
final class LateAudit {

    private final Backends backends;
    private final String project;

    LateAudit(Backends backends, String project) {
        this.backends = backends;
        this.project = project;
    }

    /** One line for each item that ran on Temporal though it was accepted while that was closed. */
    List<String> late(List<Evidence.Closed> spans) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = backends.database();
                PreparedStatement statement = connection.prepareStatement(
                        "select item_key, reason, epoch, accepted_at from ledger where project_id = ?"
                                + " and executed_route = 'TEMPORAL' and accepted_at > ? and accepted_at < ?")) {
            for (Evidence.Closed span : spans) {
                statement.setString(1, project);
                statement.setObject(2, span.from().atOffset(ZoneOffset.UTC));
                statement.setObject(3, span.to().atOffset(ZoneOffset.UTC));
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        found.add("on Temporal after the rollback of " + span.from() + ": " + row.getString(1) + " "
                                + row.getString(2) + " epoch " + row.getLong(3) + " accepted " + row.getString(4));
                    }
                }
            }
        }
        return found;
    }

    /** Where the items of these keys ran and why, counted. */
    Map<String, Integer> routes(Set<String> keys) throws SQLException {
        Map<String, Integer> routes = new TreeMap<>();
        try (Connection connection = backends.database();
                PreparedStatement statement = connection.prepareStatement(
                        "select executed_route, reason from ledger where project_id = ? and item_key = any(?)")) {
            statement.setString(1, project);
            statement.setArray(2, connection.createArrayOf("text", keys.toArray()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    routes.merge(row.getString(1) + " " + row.getString(2), 1, Integer::sum);
                }
            }
        }
        return routes;
    }
}
