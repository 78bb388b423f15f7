/**
 * The crash suite: real traffic on services that share their backends, one numbered fault at random moments, and an audit
 * of what is stored. The driver runs outside every process that it kills.
 */
@NullMarked
package dev.shunt.cli.chaos;

import org.jspecify.annotations.NullMarked;
