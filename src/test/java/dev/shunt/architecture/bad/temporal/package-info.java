@NullMarked
package dev.shunt.architecture.bad.temporal;

import org.jspecify.annotations.NullMarked;
