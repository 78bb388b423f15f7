/**
 * What {@code java -jar shunt.jar <command>} does besides serving. The demo is a client like any other: it starts the
 * service as a process of its own, speaks HTTP and Redis to it and reads the stored rows by SQL. It imports nothing of
 * Shunt, so that what it expects is worked out independently of what it checks.
 */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.shunt.cli;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
