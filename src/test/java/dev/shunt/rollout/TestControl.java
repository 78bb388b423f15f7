package dev.shunt.rollout;

import dev.shunt.core.InFlight;
import dev.shunt.routing.FlagDatabase;
import dev.shunt.routing.Router;
import dev.shunt.routing.TestRouters;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import javax.sql.DataSource;

/** One instance's control with its recorder, as the application wires them. */
public final class TestControl implements AutoCloseable {

    private final Router router;
    private final RollbackRecorder recorder;
    private final RolloutControl control;
    private final PendingRollbacks pending;
    private final Fences fences;
    private final DataSource source;

    public TestControl(TestRouters routers, String instance, FlagDatabase database, InFlight inFlight, Path data) {
        var connections = database.connections("shunt-rollout");
        var flag = new FlagWriter(connections);
        var fences = new Fences(inFlight, flag);
        var folder = new OrderFolder(data.resolve("rollback-orders"));
        var catalog = TestRouters.CATALOG;
        Clock clock = Clock.systemUTC();
        router = routers.created(instance, true);
        source = connections;
        this.fences = fences;
        pending = new PendingRollbacks(folder, flag, fences, inFlight, router, catalog, clock);
        recorder = new RollbackRecorder(pending, fences, catalog);
        control = new RolloutControl(
                catalog,
                router,
                inFlight,
                flag,
                new FlagHistory(connections),
                fences,
                pending,
                Recalls.ofNothing(inFlight),
                order -> {},
                List.of(),
                clock);
    }

    public TestControl started() {
        router.start();
        recorder.start();
        return this;
    }

    public RolloutControl control() {
        return control;
    }

    PendingRollbacks pending() {
        return pending;
    }

    Fences fences() {
        return fences;
    }

    DataSource source() {
        return source;
    }

    public Router router() {
        return router;
    }

    /** Ends this instance as a clean stop does; its orders stay in its folder. */
    @Override
    public void close() {
        recorder.stop();
        router.stop();
    }
}
