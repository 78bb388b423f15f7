@NullMarked
package dev.shunt.architecture.bad.intake;

import org.jspecify.annotations.NullMarked;
