/** What an operator sets and reads: configuration of the workloads, instance identity, health. */
@ApplicationModule(allowedDependencies = "core")
@NullMarked
package dev.shunt.operations;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
