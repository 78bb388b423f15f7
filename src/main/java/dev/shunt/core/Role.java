package dev.shunt.core;

import java.util.Locale;

/** What one process is there for. A process has any number of them; together the processes of an installation have all. */
public enum Role {
    /** Takes requests at the workloads' doors. */
    INGEST,
    /** Consumes the Redis list, taps it, and gives back what dead consumers held. */
    LEGACY_CONSUMER,
    /** Runs workflows and their steps. */
    TEMPORAL_WORKER,
    /** Watches: comparator, conservation, rollouts, and the chores that are done once for all. */
    CONTROLLER,
    /** Answers people: the API and the status page. */
    CONSOLE;

    /** As in the setting {@code shunt.roles}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
