@NullMarked
package dev.shunt.architecture.bad.comparison;

import org.jspecify.annotations.NullMarked;
