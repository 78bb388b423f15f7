/** Moves a workload to Temporal by its plan, and takes it back: plan, steps, controller, pins, rollback, audit trail. */
@ApplicationModule(allowedDependencies = {"core", "routing", "comparison", "store"})
@NullMarked
package dev.shunt.rollout;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
