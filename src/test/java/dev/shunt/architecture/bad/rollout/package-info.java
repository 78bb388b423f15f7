@NullMarked
package dev.shunt.architecture.bad.rollout;

import org.jspecify.annotations.NullMarked;
