package dev.shunt.workloads.trace;

import dev.shunt.core.ItemSizes;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Sizes of the traces that were stored last, as JSON: close to what their messages had. */
final class StoredSizes implements ItemSizes {

    private static final String SQL = """
            select t.project_id, t.id,
                   octet_length(row_to_json(t)::text) + coalesce((
                       select sum(octet_length(row_to_json(s)::text)) from span s
                       where s.project_id = t.project_id and s.trace_id = t.id), 0) as bytes
            from (select * from trace order by stored_at desc limit ?) t
            """;

    private final DataSource database;

    StoredSizes(DataSource database) {
        this.database = database;
    }

    @Override
    public String source() {
        return "the stored traces";
    }

    @Override
    public List<Size> recent(Workload workload, int limit) {
        var sizes = new ArrayList<Size>();
        if (!workload.equals(TraceWorkload.TRACE)) {
            return sizes;
        }
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setInt(1, limit);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    sizes.add(new Size(row.getString(1), row.getString(2), row.getLong(3)));
                }
            }
            return sizes;
        } catch (SQLException fault) {
            throw new UnavailableException("the sizes of stored traces cannot be read", Duration.ofSeconds(2), fault);
        }
    }
}
