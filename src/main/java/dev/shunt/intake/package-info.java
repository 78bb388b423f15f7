/** The door: takes requests and queue messages in, decides their route, hands them to it, answers. Knows no workload. */
@ApplicationModule(allowedDependencies = {"core", "routing"})
@NullMarked
package dev.shunt.intake;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
