package dev.shunt.workloads.echo;

import dev.shunt.store.Effect;
import dev.shunt.store.GroupStatement;
import dev.shunt.store.SqlArrays;
import dev.shunt.store.Work;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;

/** The table of echoes. The first text under an id stays. */
public final class EchoTable implements GroupStatement<EchoMessage> {

    private static final String CREATE = """
            create table if not exists echo (
                project_id text, id text, item_key text not null, text text not null,
                primary key (project_id, id))
            """;
    private static final String STORE = """
            insert into echo (project_id, id, item_key, text)
            select * from unnest(?::text[], ?::text[], ?::text[], ?::text[]) as i order by 1, 2
            on conflict do nothing returning item_key
            """;

    private final DataSource database;

    private EchoTable(DataSource database) {
        this.database = database;
    }

    public static EchoTable in(DataSource database) {
        EchoTable table = notYetIn(database);
        table.create();
        return table;
    }

    /** One whose table is still to be made. */
    static EchoTable notYetIn(DataSource database) {
        return new EchoTable(database);
    }

    void create() {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(CREATE);
        } catch (SQLException fault) {
            throw new IllegalStateException("the echo table could not be made", fault);
        }
    }

    @Override
    public List<Effect> apply(Connection connection, List<Work<EchoMessage>> group) throws SQLException {
        Set<String> stored = new HashSet<>();
        try (PreparedStatement insert = connection.prepareStatement(STORE)) {
            var arrays = new SqlArrays(connection, insert);
            // the key's project: a shadow run has one of its own
            arrays.add("text", group, work -> work.delivery().key().project());
            arrays.add("text", group, work -> work.content().id());
            arrays.add("text", group, work -> work.delivery().key().value());
            arrays.add("text", group, work -> work.content().text());
            try (ResultSet rows = insert.executeQuery()) {
                while (rows.next()) {
                    stored.add(rows.getString(1));
                }
            }
        }
        return group.stream()
                .map(work -> new Effect(stored.contains(work.delivery().key().value()), false, List.of()))
                .toList();
    }

    /** The keys of all items whose text is here. */
    public Set<String> keys() {
        try (Connection connection = database.getConnection();
                Statement select = connection.createStatement();
                ResultSet rows = select.executeQuery("select item_key from echo")) {
            Set<String> keys = new HashSet<>();
            while (rows.next()) {
                keys.add(rows.getString(1));
            }
            return keys;
        } catch (SQLException fault) {
            throw new IllegalStateException("the echo table could not be read", fault);
        }
    }

    /** The text that an item stored. */
    Optional<String> textOf(String itemKey) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("select text from echo where item_key = ?")) {
            select.setString(1, itemKey);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
            }
        } catch (SQLException fault) {
            throw new IllegalStateException("the echo table could not be read", fault);
        }
    }

    void remove(List<String> itemKeys) {
        try (Connection connection = database.getConnection();
                PreparedStatement delete = connection.prepareStatement("delete from echo where item_key = any(?)")) {
            delete.setArray(1, connection.createArrayOf("text", itemKeys.toArray()));
            delete.executeUpdate();
        } catch (SQLException fault) {
            throw new IllegalStateException("the echo table could not be emptied", fault);
        }
    }

    /** The text under an id. */
    public Optional<String> text(String project, String id) {
        try (Connection connection = database.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select text from echo where project_id = ? and id = ?")) {
            select.setString(1, project);
            select.setString(2, id);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
            }
        } catch (SQLException fault) {
            throw new IllegalStateException("the echo table could not be read", fault);
        }
    }
}
