package dev.shunt.legacy;

import dev.shunt.core.Route;
import dev.shunt.core.WorkerSwitch;
import dev.shunt.core.Workload;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Pauses and resumes the consumers of this instance; they finish what they have in hand. */
public final class ConsumerSwitch implements WorkerSwitch {

    private final Set<Workload> paused = ConcurrentHashMap.newKeySet();

    @Override
    public Route route() {
        return Route.LEGACY;
    }

    /** Takes effect within one block of a fetch; messages wait in the list. */
    @Override
    public void pause(Workload workload) {
        paused.add(workload);
    }

    @Override
    public void resume(Workload workload) {
        paused.remove(workload);
    }

    @Override
    public boolean isPaused(Workload workload) {
        return paused.contains(workload);
    }
}
