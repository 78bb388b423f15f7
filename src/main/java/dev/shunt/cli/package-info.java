/**
 * What {@code java -jar shunt.jar <command>} does besides serving. Demo and chaos are clients like any other: they start
 * the service as a process of its own, speak HTTP and Redis to it and read the stored rows by SQL. They import nothing of
 * Shunt but the embedded servers and the names of what can be planted in them, so that what they expect is worked out independently of what they check. {@code verdict} is the
 * exception: it makes a verdict again by the very code that made it.
 */
@ApplicationModule(allowedDependencies = {"embedded", "embedded::faults", "comparison", "comparison::gates"})
@NullMarked
package dev.shunt.cli;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
