/**
 * The trace workload of CognObserve: wire formats, store, costs and daily summary, workflow. Everything that knows what a
 * trace is lives here.
 */
@ApplicationModule(
        id = "workloads.trace",
        allowedDependencies = {"core", "store"})
@NullMarked
package dev.shunt.workloads.trace;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
