/**
 * Backends that Shunt brings along: Postgres, Redis and Temporal as child processes on loopback, with their data kept in
 * one folder. For trying Shunt out and for its own tests; production has its own backends.
 */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dev.shunt.embedded;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
