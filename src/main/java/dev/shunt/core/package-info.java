/**
 * The vocabulary of a migration and the ports between its two routes. Knows no framework, no store and no workload;
 * everything else in Shunt may import it, and it imports nothing.
 */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.shunt.core;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
