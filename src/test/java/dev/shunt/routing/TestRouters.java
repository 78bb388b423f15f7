package dev.shunt.routing;

import dev.shunt.core.Instance;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.core.WorkloadSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Routers of several instances in one JVM, all stopped when the test closes this. */
public final class TestRouters implements AutoCloseable {

    public static final Workload TRACE = new Workload("trace");
    public static final String FEATURE = "trace-to-temporal";
    public static final WorkloadCatalog CATALOG =
            new WorkloadCatalog(Map.of(TRACE, new WorkloadSettings("queue", "dead", FEATURE, "trace", "shunt-trace")));

    private final FlagDatabase database;
    private final Duration lease;
    private final WorkloadCatalog catalog;
    private final List<Router> routers = new ArrayList<>();

    public TestRouters(FlagDatabase database, Duration lease) {
        this(database, lease, CATALOG);
    }

    public TestRouters(FlagDatabase database, Duration lease, WorkloadCatalog catalog) {
        this.database = database;
        this.lease = lease;
        this.catalog = catalog;
    }

    public WorkloadCatalog catalog() {
        return catalog;
    }

    public static FlagDatabase database(DataSource source) {
        var postgres = (PGSimpleDataSource) source;
        return new FlagDatabase(postgres.getURL(), postgres.getUser(), postgres.getPassword());
    }

    public Router started(String instance) {
        Router router = created(instance, true);
        router.start();
        return router;
    }

    public Router created(String instance, boolean useTemporal) {
        var settings = new RoutingSettings(lease);
        var router = new Router(catalog, database, new Instance(instance), settings, useTemporal, Clock.systemUTC());
        routers.add(router);
        return router;
    }

    @Override
    public void close() {
        routers.forEach(Router::stop);
    }
}
