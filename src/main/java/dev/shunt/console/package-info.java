/** The control and read API under {@code /api/v1}: who may call it, what it answers, and how it says no. */
@InRoles(Role.CONSOLE)
@ApplicationModule(allowedDependencies = {"core", "routing", "comparison", "rollout"})
@NullMarked
package dev.shunt.console;

import dev.shunt.core.InRoles;
import dev.shunt.core.Role;
import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
