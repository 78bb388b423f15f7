package dev.shunt.core;

/** Pauses and resumes this instance's work on one route, without closing the door. Not remembered over a restart. */
public interface WorkerSwitch {

    Route route();

    /** What is in hand is finished; nothing new is taken. Safe to repeat. */
    void pause(Workload workload);

    void resume(Workload workload);

    boolean isPaused(Workload workload);
}
