/** The control and read API under {@code /api/v1}: who may call it, what it answers, and how it says no. */
@ApplicationModule(allowedDependencies = {"core", "routing", "comparison", "rollout"})
@NullMarked
package dev.shunt.console;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
