/**
 * The Temporal route: client and workers, starts with a deadline and a circuit breaker, and the sweeper that looks after
 * what was registered. Whatever goes wrong with Temporal ends here as an item on the legacy route.
 */
@ApplicationModule(allowedDependencies = "core")
@NullMarked
package dev.shunt.temporal;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
