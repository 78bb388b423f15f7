@NullMarked
package dev.shunt.architecture.bad.routing;

import org.jspecify.annotations.NullMarked;
