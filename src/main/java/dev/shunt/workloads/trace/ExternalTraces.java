package dev.shunt.workloads.trace;

import dev.shunt.core.ExternalResults;
import dev.shunt.core.ItemKey;
import dev.shunt.core.ResultAudit.Accepted;
import dev.shunt.core.Workload;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Traces that a worker outside Shunt stored. */
final class ExternalTraces implements ExternalResults {

    private final ExternalDatabase database;
    private final OutsideCells cells;
    private final ExternalCheck check;

    ExternalTraces(ExternalDatabase database) {
        this.database = database;
        this.cells = new OutsideCells(database.names());
        this.check = new ExternalCheck(database.tables(), unsure -> false);
    }

    @Override
    public Workload workload() {
        return TraceWorkload.TRACE;
    }

    @Override
    public List<String> notCompared() {
        return new ExternalColumns(database.names()).absent();
    }

    @Override
    public String evidence(byte[] message) {
        try {
            return cells.of(RawMessage.parse(message)).evidence().text();
        } catch (WireFault unreadable) {
            throw new IllegalArgumentException("not a trace: " + unreadable.getMessage(), unreadable);
        }
    }

    @Override
    public Map<ItemKey, Present> present(Collection<ItemKey> keys) {
        Map<String, Present> bySubject = new HashMap<>();
        return database.read("looking for the results of " + keys.size() + " traces outside", connection -> {
            ExternalDatabase.rows(
                    connection,
                    database.tables().present(),
                    row -> {
                        Long micros = row.getObject("stored_at", Long.class);
                        bySubject.put(
                                ExternalRows.subject(row.getString("project_id"), row.getString("id")),
                                new Present(micros == null ? null : Instant.EPOCH.plus(micros, ChronoUnit.MICROS)));
                    },
                    keys.stream().map(ItemKey::project).toArray(),
                    keys.stream().map(ItemKey::subject).toArray());
            Map<ItemKey, Present> found = new HashMap<>();
            for (ItemKey key : keys) {
                Present present = bySubject.get(key.subjectKey());
                if (present != null) {
                    found.put(key, present);
                }
            }
            return found;
        });
    }

    @Override
    public List<ItemKey> complete(List<Accepted> items) {
        if (items.isEmpty()) {
            return List.of();
        }
        return database.read(
                "comparing the results of " + items.size() + " traces outside",
                connection -> check.run(connection, items).entrySet().stream()
                        .filter(one -> one.getValue().isEmpty())
                        .map(Map.Entry::getKey)
                        .toList());
    }
}
