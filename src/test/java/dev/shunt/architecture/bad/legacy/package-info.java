@NullMarked
package dev.shunt.architecture.bad.legacy;

import org.jspecify.annotations.NullMarked;
