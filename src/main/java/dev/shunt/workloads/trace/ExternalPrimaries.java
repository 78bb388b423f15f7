package dev.shunt.workloads.trace;

import dev.shunt.core.Canonical;
import dev.shunt.core.Delivery;
import dev.shunt.core.ItemKey;
import dev.shunt.core.ShadowWorkload.Primary;
import dev.shunt.workloads.trace.ExternalRows.Stored;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads what a worker outside made of items, and what they had met there, for shadow pairs. */
final class ExternalPrimaries {

    private final ExternalDatabase database;
    private final ExternalRows rows;
    private final ExternalTree tree;
    private final OutsideCells cells;

    ExternalPrimaries(ExternalDatabase database) {
        this.database = database;
        this.rows = new ExternalRows(database.tables());
        this.tree = new ExternalTree(database.names());
        this.cells = new OutsideCells(database.names());
    }

    /**
     * What an item had met, and what its message gave.
     *
     * @param rows to be there before it is processed a second time
     */
    record Met(MetRows rows, Cells sent) {}

    /**
     * One for each, in order. The worker refuses a second item under a trace id, so the trace met nothing; a session keeps the
     * first user it saw: one that is not the item's own was there first.
     *
     * @throws dev.shunt.core.UnavailableException if the tables cannot be read
     */
    List<Primary> read(List<Delivery> primaries) {
        List<ItemKey> keys = primaries.stream().map(Delivery::key).toList();
        Map<String, Stored> found = database.read(
                "reading what the worker outside made of " + keys.size() + " items",
                connection -> rows.read(connection, keys));
        List<Primary> read = new ArrayList<>();
        for (Delivery primary : primaries) {
            Stored stored = found.get(primary.key().subjectKey());
            Cells sent = sent(primary);
            read.add(new Primary(Primary.State.READY, tree.of(stored, sent), new Met(met(stored), sent)));
        }
        return read;
    }

    /** Of a run's result, what the worker keeps too. */
    Canonical comparable(Met met, Canonical result) {
        return tree.reduced(result, met.sent());
    }

    private Cells sent(Delivery primary) {
        try {
            return cells.of(RawMessage.parse(primary.message()));
        } catch (WireFault unreadable) {
            throw new IllegalArgumentException(
                    "the message of " + primary.key() + " is no trace: " + unreadable.getMessage(), unreadable);
        }
    }

    private static MetRows met(@Nullable Stored stored) {
        MetRows met = new MetRows(new TreeMap<>());
        if (stored == null) {
            return met;
        }
        String session = stored.trace().sessionId();
        String user = stored.sessionUser();
        if (session != null && user != null && !user.equals(stored.trace().userId())) {
            Json since = new Json.Str(Instant.EPOCH.toString());
            Map<String, Json> row = new TreeMap<>();
            row.put("id", new Json.Str(session));
            row.put("user_id", new Json.Str(user));
            row.put("created_at", since);
            row.put("updated_at", since);
            met.rows().put("session", List.of(JsonWriter.text(new Json.Obj(row))));
        }
        return met;
    }
}
