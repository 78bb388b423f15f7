@NullMarked
package dev.shunt.architecture.bad;

import org.jspecify.annotations.NullMarked;
