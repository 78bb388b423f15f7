@NullMarked
package dev.shunt.architecture.bad.store;

import org.jspecify.annotations.NullMarked;
