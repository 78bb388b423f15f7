package dev.shunt.legacy;

import dev.shunt.core.Workload;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Pauses and resumes the consumers of this instance; they finish what they have in hand. */
public final class ConsumerSwitch {

    private final Set<Workload> paused = ConcurrentHashMap.newKeySet();

    /** Takes effect within one block of a fetch; messages wait in the list. */
    public void pause(Workload workload) {
        paused.add(workload);
    }

    public void resume(Workload workload) {
        paused.remove(workload);
    }

    public boolean isPaused(Workload workload) {
        return paused.contains(workload);
    }
}
