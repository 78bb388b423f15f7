package dev.shunt.routing;

import java.util.Map;
import org.ff4j.core.Feature;
import org.ff4j.core.FeatureStore;
import org.ff4j.store.AbstractFeatureStore;

/**
 * What FF4j sees as its store: Shunt's own features are read from the snapshot in memory, everything else and every
 * write goes to FF4j's tables. A write shows here once the listener has read it back.
 */
final class SnapshotStore extends AbstractFeatureStore {

    private final Map<String, FlagCell> cells;
    private final FeatureStore tables;

    SnapshotStore(Map<String, FlagCell> cells, FeatureStore tables) {
        this.cells = Map.copyOf(cells);
        this.tables = tables;
    }

    @Override
    public Feature read(String feature) {
        FlagCell cell = cells.get(feature);
        return cell == null ? tables.read(feature) : cell.feature();
    }

    @Override
    public boolean exist(String feature) {
        return tables.exist(feature);
    }

    @Override
    public void enable(String feature) {
        tables.enable(feature);
    }

    @Override
    public void disable(String feature) {
        tables.disable(feature);
    }

    @Override
    public void create(Feature feature) {
        tables.create(feature);
    }

    @Override
    public void update(Feature feature) {
        tables.update(feature);
    }

    @Override
    public void delete(String feature) {
        tables.delete(feature);
    }

    @Override
    public Map<String, Feature> readAll() {
        return tables.readAll();
    }

    @Override
    public void clear() {
        tables.clear();
    }
}
