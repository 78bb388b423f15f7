package dev.shunt.embedded.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Faults as triggers of one schema. They act on what the lanes of the Temporal route write, live and shadow alike, and
 * on nothing else.
 */
public final class Planting {

    private static final String MARK = "shunt_fault_";
    private static final Pattern PART =
            Pattern.compile("-- on (\\w+) (before|at commit of) (insert|update|insert or update)");
    private static final String TABLES = "select count(*) = 6 from pg_tables where schemaname = '%s' and tablename in"
            + " ('trace', 'span', 'session', 'tracked_user', 'daily_cost_summary', 'ledger')";

    private Planting() {}

    /** One trigger: what it does with each row, and when. */
    private record Part(String table, boolean before, String event, String body) {}

    /**
     * Plants it. Whatever is planted already stays.
     *
     * @param every of how many cases one goes wrong, beginning with the first; means nothing to faults that all cases have
     */
    public static void plant(Connection connection, String schema, Fault fault, int every) throws SQLException {
        String name = MARK + fault.name().toLowerCase(Locale.ROOT);
        List<Part> parts = parts(text(fault));
        try (Statement statement = connection.createStatement()) {
            statement.execute("create sequence if not exists " + schema + "." + MARK + "count");
            for (int i = 0; i < parts.size(); i++) {
                Part part = parts.get(i);
                String trigger = name + "_" + i;
                statement.execute("create function " + schema + "." + trigger
                        + "() returns trigger language plpgsql as $fault$\nbegin\n"
                        + part.body().replace(":every", Integer.toString(every)) + "return new;\nend $fault$");
                statement.execute((part.before() ? "create trigger " : "create constraint trigger ") + trigger
                        + (part.before() ? " before " : " after ") + part.event() + " on " + schema + "." + part.table()
                        + (part.before() ? "" : " deferrable initially deferred")
                        + " for each row when (current_setting('application_name') ~ '^shunt-lane-(shadow-)?temporal$')"
                        + " execute function " + schema + "." + trigger + "()");
            }
        }
    }

    /**
     * Takes away whatever is planted, in every schema.
     *
     * @return how many triggers went
     */
    public static int takeAway(Connection connection) throws SQLException {
        List<String> planted = planted(connection, "%");
        try (Statement statement = connection.createStatement()) {
            for (String function : planted) {
                statement.execute("drop function " + function + " cascade");
            }
            for (String sequence : names(
                    statement,
                    "select schemaname || '.' || sequencename from pg_sequences where sequencename = '" + MARK
                            + "count'")) {
                statement.execute("drop sequence " + sequence);
            }
        }
        return planted.size();
    }

    /** Whether a schema has the tables of Shunt and nothing planted yet. */
    static boolean isReady(Connection connection, String schema) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(TABLES.formatted(schema))) {
            return found.next()
                    && found.getBoolean(1)
                    && planted(connection, schema).isEmpty();
        }
    }

    private static List<String> planted(Connection connection, String schema) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return names(
                    statement,
                    "select n.nspname || '.' || p.proname || '()' from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
                            + " where starts_with(p.proname, '" + MARK + "') and n.nspname like '" + schema + "'");
        }
    }

    private static List<String> names(Statement statement, String sql) throws SQLException {
        List<String> names = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    private static List<Part> parts(String text) {
        List<Part> parts = new ArrayList<>();
        Matcher head = PART.matcher(text);
        boolean more = head.find();
        while (more) {
            int start = head.end();
            String table = head.group(1);
            boolean before = head.group(2).equals("before");
            String event = head.group(3);
            more = head.find();
            parts.add(new Part(table, before, event, text.substring(start, more ? head.start() : text.length())));
        }
        return parts;
    }

    private static String text(Fault fault) {
        String resource = "/faults/" + fault.label() + ".sql";
        try (InputStream file = Objects.requireNonNull(Planting.class.getResourceAsStream(resource), resource)) {
            return new String(file.readAllBytes(), UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
