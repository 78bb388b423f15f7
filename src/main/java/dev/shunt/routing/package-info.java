/**
 * Which route: the FF4j flag, its sticky strategy, the snapshot that decisions are made from, and how a change reaches
 * every instance and is acknowledged.
 */
@ApplicationModule(allowedDependencies = "core")
@NullMarked
package dev.shunt.routing;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
