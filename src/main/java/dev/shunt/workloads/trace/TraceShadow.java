package dev.shunt.workloads.trace;

import dev.shunt.core.Canonical;
import dev.shunt.core.Delivery;
import dev.shunt.core.ItemHandler;
import dev.shunt.core.ItemKey;
import dev.shunt.core.ResultProjection;
import dev.shunt.core.ShadowWorkload;
import dev.shunt.core.WorkflowBinding;
import dev.shunt.core.Workload;
import dev.shunt.store.PostgresFaults;
import dev.shunt.store.ShadowSchema;
import dev.shunt.workloads.trace.TraceProjection.Summaries;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;

/** Shadow runs of traces: the live statement on private tables, one project for each run. */
final class TraceShadow implements ShadowWorkload {

    /** Children first. */
    private static final List<String> TABLES =
            List.of("span", "trace", "session", "tracked_user", "daily_cost_summary");

    private static final String OF_RUNS = " = any(?)";
    private static final String OLD =
            "select id from project where created_at < now() - make_interval(secs => ?) limit 10000";

    private final ItemHandler handler;
    private final WorkflowBinding workflow;
    private final ShadowSchema schema;
    private final Snapshot live;
    private final TraceProjection ofPrimaries;
    private final TraceProjection ofRuns;
    private final PriceCopy prices;
    private final Supplier<Optional<ExternalPrimaries>> outside;

    /** @param outside what a worker outside stored, if there is one */
    TraceShadow(
            ItemHandler handler,
            WorkflowBinding workflow,
            ShadowSchema schema,
            DataSource live,
            PriceCopy prices,
            Supplier<Optional<ExternalPrimaries>> outside) {
        this.outside = outside;
        this.handler = handler;
        this.workflow = workflow;
        this.schema = schema;
        this.live = new Snapshot(live);
        this.ofPrimaries = new TraceProjection(live, Summaries.FROM_ROWS);
        this.ofRuns = new TraceProjection(schema.dataSource(), Summaries.AS_STORED);
        this.prices = prices;
    }

    @Override
    public Workload workload() {
        return TraceWorkload.TRACE;
    }

    @Override
    public ItemHandler handler() {
        return handler;
    }

    @Override
    public WorkflowBinding workflow() {
        return workflow;
    }

    @Override
    public void prepare() {
        prices.copy();
    }

    @Override
    public List<Primary> primaries(List<Delivery> primaries, Instant since) {
        List<Delivery> there = primaries.stream().filter(Delivery::isOutside).toList();
        if (there.isEmpty()) {
            return primariesHere(primaries, since);
        }
        Iterator<Primary> outside = external().read(there).iterator();
        Iterator<Primary> here = primariesHere(
                        primaries.stream().filter(one -> !one.isOutside()).toList(), since)
                .iterator();
        return primaries.stream()
                .map(one -> one.isOutside() ? outside.next() : here.next())
                .toList();
    }

    private ExternalPrimaries external() {
        return outside.get()
                .orElseThrow(() -> new IllegalStateException("the tables of the worker outside are not configured"));
    }

    private List<Primary> primariesHere(List<Delivery> primaries, Instant since) {
        if (primaries.isEmpty()) {
            return List.of();
        }
        List<ItemKey> keys = primaries.stream().map(Delivery::key).toList();
        return live.read("reading what " + keys.size() + " primaries made", connection -> {
            boolean known = prices.steadySince(connection, since);
            List<StoredItem> items = StoredItems.read(connection, keys);
            List<Canonical> trees =
                    ofPrimaries.trees(connection, items, TraceProjection.sessionUsers(connection, items));
            List<MetRows> met = MetRows.read(connection, items);
            List<Primary> read = new ArrayList<>(items.size());
            for (int i = 0; i < items.size(); i++) {
                read.add(new Primary(state(items.get(i), known), trees.get(i), met.get(i)));
            }
            return read;
        });
    }

    private static Primary.State state(StoredItem item, boolean pricesKnown) {
        if (item.spans().stream().anyMatch(span -> !span.summarised())) {
            return Primary.State.UNFINISHED;
        }
        boolean priced =
                item.spans().stream().anyMatch(span -> !span.priceState().equals("NONE"));
        return pricesKnown || !priced ? Primary.State.READY : Primary.State.UNKNOWN;
    }

    @Override
    public void seed(List<Seed> seeds) {
        Map<ItemKey, MetRows> met = new LinkedHashMap<>();
        for (Seed seed : seeds) {
            MetRows rows = switch (seed.primary().met()) {
                case MetRows here -> here;
                case ExternalPrimaries.Met there -> there.rows();
                default -> throw new IllegalArgumentException("not read here: " + seed.primary());
            };
            if (!rows.isEmpty()) {
                met.put(seed.run(), rows);
            }
        }
        if (!met.isEmpty()) {
            ask("seeding shadow runs", connection -> MetRows.write(connection, met));
        }
    }

    @Override
    public ResultProjection results() {
        return ofRuns;
    }

    @Override
    public Canonical comparable(Primary primary, Canonical result) {
        return primary.met() instanceof ExternalPrimaries.Met there ? external().comparable(there, result) : result;
    }

    @Override
    public void remove(Collection<ItemKey> runs) {
        Object[] projects = runs.stream().map(ItemKey::project).toArray();
        ask("removing shadow runs", connection -> remove(connection, projects));
        schema.remove(workload(), runs);
    }

    @Override
    public void removeLeftovers(Duration age) {
        ask("removing leftovers of shadow runs", connection -> {
            List<String> old = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement(OLD)) {
                select.setDouble(1, age.toMillis() / 1_000.0);
                try (var rows = select.executeQuery()) {
                    while (rows.next()) {
                        old.add(rows.getString(1));
                    }
                }
            }
            if (!old.isEmpty()) {
                remove(connection, old.toArray());
            }
        });
    }

    private static void remove(Connection connection, Object[] projects) throws SQLException {
        for (String table : TABLES) {
            delete(connection, "delete from " + table + " where project_id" + OF_RUNS, projects);
        }
        delete(connection, "delete from project where id" + OF_RUNS, projects);
    }

    private static void delete(Connection connection, String sql, Object[] projects) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(sql)) {
            delete.setArray(1, connection.createArrayOf("text", projects));
            delete.executeUpdate();
        }
    }

    /** SQL that may fail. */
    private interface Step {
        void run(Connection connection) throws SQLException;
    }

    private void ask(String doing, Step step) {
        try (Connection connection = schema.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            try {
                step.run(connection);
                connection.commit();
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException fault) {
            throw PostgresFaults.toThrow(doing, fault);
        }
    }
}
