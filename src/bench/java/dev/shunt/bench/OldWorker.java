package dev.shunt.bench;

import dev.shunt.embedded.TestBackends;
import dev.shunt.workloads.trace.BareStore;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The shape of the worker that Shunt replaces, on Shunt's tables: BRPOP one by one, user and session each by itself, a
 * transaction for trace and spans, one more in which each span gets its costs and the summaries are counted up. It writes
 * no ledger. A message in its hands is lost when it dies.
 */
final class OldWorker implements AutoCloseable {

    private record Price(long id, BigDecimal input, BigDecimal output) {}

    /** What is added to one row of the summary. */
    private static final class Sum {
        private int spans;
        private long prompt;
        private long completion;
        private BigDecimal input = BigDecimal.ZERO;
        private BigDecimal output = BigDecimal.ZERO;
    }

    private final RedisClient client = RedisClient.create(TestBackends.freshRedisUrl());
    private final StatefulRedisConnection<String, byte[]> redis =
            client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
    private final Connection connection;
    private final Map<String, Price> prices = new HashMap<>();

    OldWorker() throws SQLException {
        DataSource migrated = TestBackends.migratedDatabase();
        BareStore.loadPrices(migrated);
        ((PGSimpleDataSource) migrated).setReWriteBatchedInserts(true);
        connection = migrated.getConnection();
        update("insert into project (id) values ('bench')");
    }

    void push(List<byte[]> messages) {
        messages.forEach(message -> redis.sync().lpush(App.QUEUE, message));
    }

    /** Takes and handles that many. */
    void work(int count) throws SQLException {
        for (int i = 0; i < count; i++) {
            handle(JsonMapper.shared()
                    .readTree(redis.sync().brpop(5.0, App.QUEUE).getValue()));
        }
    }

    private void handle(JsonNode trace) throws SQLException {
        Timestamp now = Timestamp.from(Instant.now());
        update(
                "insert into tracked_user (project_id, id, name, first_seen_at, last_seen_at) values ('bench', ?, ?, ?, ?)"
                        + " on conflict (project_id, id) do update set name = excluded.name, last_seen_at = excluded.last_seen_at",
                text(trace, "UserID"),
                trace.path("User").path("Name").asString(""),
                now,
                now);
        update(
                "insert into session (project_id, id, user_id, created_at, updated_at) values ('bench', ?, ?, ?, ?)"
                        + " on conflict (project_id, id) do update set updated_at = excluded.updated_at",
                text(trace, "SessionID"),
                text(trace, "UserID"),
                now,
                now);
        connection.setAutoCommit(false);
        insert(trace);
        connection.commit();
        cost(trace);
        connection.commit();
        connection.setAutoCommit(true);
    }

    private void insert(JsonNode trace) throws SQLException {
        update(
                "insert into trace (project_id, id, name, occurred_at, session_id, user_id, metadata, item_key)"
                        + " values ('bench', ?, ?, ?, ?, ?, ?::jsonb, 'old')",
                text(trace, "ID"),
                text(trace, "Name"),
                time(trace, "Timestamp"),
                text(trace, "SessionID"),
                text(trace, "UserID"),
                trace.path("Metadata").toString());
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into span (project_id, trace_id, id, name, start_time, end_time, input, output, model,"
                        + " model_parameters, prompt_tokens, completion_tokens, level, summary_model, price_state, summarised,"
                        + " item_key, client_digest) values ('bench', ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?, ?::jsonb, ?, ?,"
                        + " 'DEFAULT', ?, 'PRICED', true, 'old', 0)")) {
            for (JsonNode span : trace.path("Spans")) {
                bind(
                        insert,
                        text(trace, "ID"),
                        text(span, "ID"),
                        text(span, "Name"),
                        time(span, "StartTime"),
                        time(span, "EndTime"),
                        span.path("Input").toString(),
                        span.path("Output").toString(),
                        text(span, "Model"),
                        span.path("ModelParameters").toString(),
                        tokens(span, "PromptTokens"),
                        tokens(span, "CompletionTokens"),
                        text(span, "Model"));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private void cost(JsonNode trace) throws SQLException {
        Map<String, Sum> sums = new TreeMap<>();
        for (JsonNode span : trace.path("Spans")) {
            Price price = price(text(span, "Model"));
            int prompt = tokens(span, "PromptTokens");
            int completion = tokens(span, "CompletionTokens");
            BigDecimal input =
                    price.input().multiply(BigDecimal.valueOf(prompt)).movePointLeft(6);
            BigDecimal output =
                    price.output().multiply(BigDecimal.valueOf(completion)).movePointLeft(6);
            update(
                    "update span set price_id = ?, input_cost = ?, output_cost = ?, total_cost = ?"
                            + " where project_id = 'bench' and trace_id = ? and id = ?",
                    price.id(),
                    input,
                    output,
                    input.add(output),
                    text(trace, "ID"),
                    text(span, "ID"));
            for (String model : List.of(text(span, "Model"), "__all__")) {
                Sum sum = sums.computeIfAbsent(model, m -> new Sum());
                sum.spans++;
                sum.prompt += prompt;
                sum.completion += completion;
                sum.input = sum.input.add(input);
                sum.output = sum.output.add(output);
            }
        }
        Date day = Date.valueOf(LocalDate.now(ZoneOffset.UTC));
        for (var entry : sums.entrySet()) {
            Sum sum = entry.getValue();
            update(
                    "insert into daily_cost_summary as d values ('bench', ?, ?, ?, 0, ?, ?, ?, ?, ?, ?)"
                            + " on conflict (project_id, day, model) do update set spans = d.spans + excluded.spans,"
                            + " prompt_tokens = d.prompt_tokens + excluded.prompt_tokens,"
                            + " completion_tokens = d.completion_tokens + excluded.completion_tokens,"
                            + " total_tokens = d.total_tokens + excluded.total_tokens,"
                            + " input_cost = d.input_cost + excluded.input_cost,"
                            + " output_cost = d.output_cost + excluded.output_cost,"
                            + " total_cost = d.total_cost + excluded.total_cost",
                    day,
                    entry.getKey(),
                    (long) sum.spans,
                    sum.prompt,
                    sum.completion,
                    sum.prompt + sum.completion,
                    sum.input,
                    sum.output,
                    sum.input.add(sum.output));
        }
    }

    private Price price(String model) throws SQLException {
        Price known = prices.get(model);
        if (known != null) {
            return known;
        }
        try (PreparedStatement select = connection.prepareStatement(
                "select id, input_per_million, output_per_million from model_price where ? like model || '%'"
                        + " order by length(model) desc limit 1")) {
            select.setString(1, model);
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                var price = new Price(rows.getLong(1), rows.getBigDecimal(2), rows.getBigDecimal(3));
                prices.put(model, price);
                return price;
            }
        }
    }

    private void update(String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            statement.executeUpdate();
        }
    }

    private static void bind(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }

    private static String text(JsonNode node, String member) {
        return node.path(member).asString("");
    }

    private static Timestamp time(JsonNode node, String member) {
        return Timestamp.from(Instant.parse(text(node, member)));
    }

    private static int tokens(JsonNode span, String member) {
        return span.path("Usage").path(member).asInt();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
        redis.close();
        client.close();
    }
}
