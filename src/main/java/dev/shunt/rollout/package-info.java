/** Moves the percentage and takes it back: change, rollback with proof, history. */
@ApplicationModule(allowedDependencies = {"core", "routing", "comparison", "store"})
@NullMarked
package dev.shunt.rollout;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
