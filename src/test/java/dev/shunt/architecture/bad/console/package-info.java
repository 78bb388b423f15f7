@NullMarked
package dev.shunt.architecture.bad.console;

import org.jspecify.annotations.NullMarked;
