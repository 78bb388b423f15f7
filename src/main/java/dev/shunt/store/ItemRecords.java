package dev.shunt.store;

import static dev.shunt.store.Reads.time;
import static dev.shunt.store.Reads.timeOrNull;

import dev.shunt.core.ItemKey;
import dev.shunt.core.Route;
import dev.shunt.core.Workload;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Single items, for a person who asks what became of one. */
public final class ItemRecords {

    private static final int LIMIT = 200;

    private final Reads reads;

    public ItemRecords(DataSource database) {
        this.reads = new Reads(database);
    }

    public Optional<LedgerRow> find(Workload workload, ItemKey key) {
        return reads.ask(
                "reading the ledger row of " + key,
                jdbc -> jdbc.sql(
                                "select " + LedgerRow.COLUMNS
                                        + "from ledger where workload = :workload and item_key = :key order by accepted_at limit 1")
                        .param("workload", workload.name())
                        .param("key", key.value())
                        .query(LedgerRow::of)
                        .optional());
    }

    /** Items about one subject, oldest first, at most 200. */
    public List<LedgerRow> ofSubject(Workload workload, String project, String subject) {
        return reads.ask(
                "reading the ledger rows of " + subject,
                jdbc -> jdbc.sql("select " + LedgerRow.COLUMNS + """
                        from ledger where workload = :workload and project_id = :project and subject = :subject
                        order by accepted_at, item_key limit :limit
                        """)
                        .param("workload", workload.name())
                        .param("project", project)
                        .param("subject", subject)
                        .param("limit", LIMIT)
                        .query(LedgerRow::of)
                        .list());
    }

    /**
     * Dead letters about one subject, oldest first, at most 200; also those that were replayed or discarded since.
     *
     * @param subjectKey see {@link ItemKey#subjectKey()}
     */
    public List<Dead> deadLetters(Workload workload, String subjectKey) {
        return reads.ask(
                "reading the dead letters of " + subjectKey,
                jdbc -> jdbc.sql("""
                        select id, item_key, route, reason, attempts, accepted_at, died_at, state from dead_letter
                        where workload = :workload and starts_with(item_key, :prefix) order by id limit :limit
                        """)
                        .param("workload", workload.name())
                        .param("prefix", subjectKey + ":")
                        .param("limit", LIMIT)
                        .query(ItemRecords::dead)
                        .list());
    }

    /**
     * A dead letter without its bytes.
     *
     * @param route the one that gave it up
     * @param state DEAD, REPLAYED or DISCARDED
     */
    public record Dead(
            long id,
            ItemKey key,
            Route route,
            String reason,
            int attempts,
            @Nullable Instant acceptedAt,
            Instant diedAt,
            String state) {}

    private static Dead dead(ResultSet row, int number) throws SQLException {
        return new Dead(
                row.getLong("id"),
                new ItemKey(row.getString("item_key")),
                Route.valueOf(row.getString("route")),
                row.getString("reason"),
                row.getInt("attempts"),
                timeOrNull(row, "accepted_at"),
                time(row, "died_at"),
                row.getString("state"));
    }
}
