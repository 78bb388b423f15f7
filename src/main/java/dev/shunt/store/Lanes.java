package dev.shunt.store;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.beans.factory.DisposableBean;

/** Opens lanes into the store and closes them with the application. */
public final class Lanes implements DisposableBean {

    private final Database database;
    private final StoreSettings settings;
    private final MeterRegistry meters;
    private final List<GroupWriter<?>> open = new CopyOnWriteArrayList<>();

    Lanes(Database database, StoreSettings settings, MeterRegistry meters) {
        this.database = database;
        this.settings = settings;
        this.meters = meters;
    }

    /**
     * @param name the lane's name, normally its route in lower case; shown as {@code application_name} and in metrics
     * @param statement the workload's effects
     */
    public <T> GroupWriter<T> open(String name, GroupStatement<T> statement) {
        var writer = new GroupWriter<>(name, database, statement, settings, meters);
        open.add(writer);
        return writer;
    }

    @Override
    public void destroy() {
        open.forEach(GroupWriter::close);
    }
}
