/** The shared persistence layer: group-commit writer, ledger, dead letters, divergences, schema. */
@ApplicationModule(allowedDependencies = "core")
@NullMarked
package dev.shunt.store;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
