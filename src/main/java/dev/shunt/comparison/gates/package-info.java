/**
 * The gates of a rollout: the mathematics of any-time-valid evidence, the judges that turn counts into findings, and what
 * reads the counts. Judges are pure: they see a map of facts, nothing else, so that a verdict can be made again from its
 * row. docs/statistics.md derives what they do and shows how they behave.
 */
@NamedInterface("gates")
@NullMarked
package dev.shunt.comparison.gates;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
