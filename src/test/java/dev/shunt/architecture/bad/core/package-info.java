@NullMarked
package dev.shunt.architecture.bad.core;

import org.jspecify.annotations.NullMarked;
