@NullMarked
package dev.shunt.architecture.bad.util;

import org.jspecify.annotations.NullMarked;
