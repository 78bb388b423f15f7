/**
 * Proves that both routes agree, or says where not: cohorts, reconciliation of accepted against stored, conservation of
 * items, divergences. Only watches: nothing in here can delay or change the work.
 */
@ApplicationModule(allowedDependencies = {"core", "store"})
@NullMarked
package dev.shunt.comparison;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
