/** What stands beside the code (compose files, documents) held against itself. */
@NullMarked
package dev.shunt.deployment;

import org.jspecify.annotations.NullMarked;
