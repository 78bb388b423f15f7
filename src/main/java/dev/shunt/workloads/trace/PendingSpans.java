package dev.shunt.workloads.trace;

import dev.shunt.core.ItemKey;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.store.SqlArrays;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * Finishes spans whose price or summary was left to a later step. Each step looks only at what is still pending, so it
 * may be repeated and may race with another.
 */
final class PendingSpans {

    private static final String UNPRICED_YET = """
            select id, model from span
            where project_id = ? and trace_id = ? and item_key = ? and price_state = 'PENDING'
            order by id for update
            """;

    private static final String PRICE = """
            update span s set
                price_state = case when p.id is null then 'UNPRICED' else 'PRICED' end,
                price_id = p.id,
                input_cost = coalesce(s.prompt_tokens, 0) * p.input_per_million * 0.000001,
                output_cost = coalesce(s.completion_tokens, 0) * p.output_per_million * 0.000001,
                total_cost = coalesce(s.prompt_tokens, 0) * p.input_per_million * 0.000001
                    + coalesce(s.completion_tokens, 0) * p.output_per_million * 0.000001
            from unnest(?::text[], ?::text[], ?::text[]) as b (id, provider, model)
            left join lateral (
                select m.id, m.input_per_million, m.output_per_million
                from model_price m, span t
                where t.project_id = ? and t.trace_id = ? and t.id = b.id
                    and (coalesce(t.prompt_tokens, 0) <> 0 or coalesce(t.completion_tokens, 0) <> 0)
                    and m.provider = b.provider and m.model = b.model
                    and m.effective_from <= t.start_time and (m.effective_to is null or m.effective_to > t.start_time)
                order by m.effective_from desc
                limit 1) p on true
            where s.project_id = ? and s.trace_id = ? and s.id = b.id and s.price_state = 'PENDING'
            """;

    private static final String SUMMARISE = SqlText.of("trace/summarise-item.sql");

    private static final String COMPLETE = """
            update ledger l set state = 'DONE', done_at = clock_timestamp(), changed_at = clock_timestamp(),
                temporal_actions = l.temporal_actions + ?
            where l.workload = ? and l.item_key = ? and l.state = 'PENDING'
                and not exists (select 1 from span s
                    where s.project_id = ? and s.trace_id = ? and s.item_key = l.item_key and not s.summarised)
            """;

    private static final String LEFT_BEHIND = """
            select distinct item_key from span
            where not summarised and stored_at < now() - make_interval(secs => ?) and item_key > ?
            order by item_key limit ?
            """;

    static final int PAGE = 100;

    private final Workload workload;
    private final DataSource dataSource;

    PendingSpans(Workload workload, DataSource dataSource) {
        this.workload = workload;
        this.dataSource = dataSource;
    }

    /** Prices this item's pending spans at the prices in force at their start. */
    void price(ItemKey key) {
        inTransaction("price " + key, connection -> {
            List<String> ids = new ArrayList<>();
            List<Billing> billings = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement(UNPRICED_YET)) {
                bindItem(select, 1, key);
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        ids.add(rows.getString(1));
                        billings.add(Billing.of(rows.getString(2)));
                    }
                }
            }
            if (ids.isEmpty()) {
                return;
            }
            try (PreparedStatement update = connection.prepareStatement(PRICE)) {
                var arrays = new SqlArrays(connection, update);
                arrays.add("text", ids, id -> id);
                arrays.add("text", billings, Billing::provider);
                arrays.add("text", billings, Billing::priceModel);
                update.setString(4, key.project());
                update.setString(5, key.subject());
                update.setString(6, key.project());
                update.setString(7, key.subject());
                update.executeUpdate();
            }
        });
    }

    /** Adds this item's priced spans to the summary and completes its ledger row once none is left. */
    void summarise(ItemKey key) {
        summarise(key, 0);
    }

    /** @param temporalActions billable actions that these later steps took, if this call completes the item */
    void summarise(ItemKey key, int temporalActions) {
        inTransaction("summarise " + key, connection -> {
            try (PreparedStatement add = connection.prepareStatement(SUMMARISE)) {
                bindItem(add, 1, key);
                add.executeUpdate();
            }
            try (PreparedStatement complete = connection.prepareStatement(COMPLETE)) {
                complete.setInt(1, temporalActions);
                complete.setString(2, workload.name());
                complete.setString(3, key.value());
                complete.setString(4, key.project());
                complete.setString(5, key.subject());
                complete.executeUpdate();
            }
        });
    }

    /**
     * Items that their own steps left behind, for example because a worker died between two of them.
     *
     * @param age with spans that are pending for longer than this
     * @param after only keys behind this one, in key order; empty for the first page
     * @throws UnavailableException if Postgres is away
     */
    List<ItemKey> leftBehind(Duration age, String after) {
        List<ItemKey> leftBehind = new ArrayList<>();
        inTransaction("look for pending spans", connection -> {
            try (PreparedStatement select = connection.prepareStatement(LEFT_BEHIND)) {
                select.setDouble(1, age.toMillis() / 1000.0);
                select.setString(2, after);
                select.setInt(3, PAGE);
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        leftBehind.add(new ItemKey(rows.getString(1)));
                    }
                }
            }
        });
        return leftBehind;
    }

    private static void bindItem(PreparedStatement statement, int first, ItemKey key) throws SQLException {
        statement.setString(first, key.project());
        statement.setString(first + 1, key.subject());
        statement.setString(first + 2, key.value());
    }

    /** SQL that may fail. */
    private interface Step {
        void run(Connection connection) throws SQLException;
    }

    private void inTransaction(String what, Step step) {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                step.run(connection);
                connection.commit();
            } catch (SQLException | RuntimeException fault) {
                connection.rollback();
                throw fault;
            } finally {
                connection.setAutoCommit(true);
            }
        } catch (SQLException fault) {
            throw new UnavailableException(
                    "Postgres did not " + what + " (" + fault.getSQLState() + "): " + fault.getMessage(),
                    Duration.ofSeconds(1),
                    fault);
        }
    }
}
