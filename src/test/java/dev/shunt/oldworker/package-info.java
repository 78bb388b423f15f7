/** The worker that a team already has, as a fixture: it shares no code with Shunt. */
@NullMarked
package dev.shunt.oldworker;

import org.jspecify.annotations.NullMarked;
