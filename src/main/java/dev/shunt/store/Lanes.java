package dev.shunt.store;

import dev.shunt.core.CommitListener;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.beans.factory.DisposableBean;

/** Opens lanes into the store and closes them with the application. */
public final class Lanes implements DisposableBean {

    private final Database database;
    private final StoreSettings settings;
    private final MeterRegistry meters;
    private final List<CommitListener> listeners;
    private final List<GroupWriter<?>> open = new CopyOnWriteArrayList<>();

    /** @param listeners are told what the live lanes commit */
    Lanes(Database database, StoreSettings settings, MeterRegistry meters, List<CommitListener> listeners) {
        this.database = database;
        this.settings = settings;
        this.meters = meters;
        this.listeners = List.copyOf(listeners);
    }

    /**
     * @param name the lane's name, normally its route in lower case; shown as {@code application_name} and in metrics
     * @param statement the workload's effects
     */
    public <T> GroupWriter<T> open(String name, GroupStatement<T> statement) {
        var connection = new LaneConnection(name, database, settings, null);
        return opened(new GroupWriter<>(name, connection, statement, settings, meters, listeners));
    }

    /** A lane into another schema's tables, whose commits nobody is told of and which may be lost in a crash. */
    <T> GroupWriter<T> openApart(String name, GroupStatement<T> statement, String schema) {
        var connection = new LaneConnection(name, database, settings, schema);
        return opened(new GroupWriter<>(name, connection, statement, settings, meters, List.of()));
    }

    private <T> GroupWriter<T> opened(GroupWriter<T> writer) {
        open.add(writer);
        return writer;
    }

    @Override
    public void destroy() {
        open.forEach(GroupWriter::close);
    }
}
