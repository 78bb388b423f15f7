/**
 * Faults planted on purpose, so that a demo and a test can show the comparator finding them. Only with the profile
 * {@code demo-faults}, only in backends that Shunt started for itself.
 */
@NamedInterface("faults")
@NullMarked
package dev.shunt.embedded.faults;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
