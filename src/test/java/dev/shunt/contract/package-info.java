/** Suites that every implementation of a port runs, and stand-ins for ports whose own suite is elsewhere. */
@NullMarked
package dev.shunt.contract;

import org.jspecify.annotations.NullMarked;
