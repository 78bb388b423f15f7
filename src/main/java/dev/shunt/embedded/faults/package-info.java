/**
 * Faults planted on purpose, so that a demo can show the comparator finding them. Only with the profile
 * {@code demo-faults}, only in backends that Shunt started for itself.
 */
@NullMarked
package dev.shunt.embedded.faults;

import org.jspecify.annotations.NullMarked;
