package dev.shunt.temporal;

import dev.shunt.core.Route;
import dev.shunt.core.WorkerSwitch;
import dev.shunt.core.Workload;

/** Pauses this instance's workers: they poll for nothing new. Items go on being registered and started; others take them. */
final class WorkerPauses implements WorkerSwitch {

    private final TemporalConnection connection;

    WorkerPauses(TemporalConnection connection) {
        this.connection = connection;
    }

    @Override
    public Route route() {
        return Route.TEMPORAL;
    }

    @Override
    public void pause(Workload workload) {
        connection.pause(workload);
    }

    @Override
    public void resume(Workload workload) {
        connection.resume(workload);
    }

    @Override
    public boolean isPaused(Workload workload) {
        return connection.isPaused(workload);
    }
}
