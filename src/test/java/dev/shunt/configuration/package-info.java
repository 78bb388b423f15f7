/** Every key that can be set, read from the code: the reference that is made from it, and a wrong value for each. */
@NullMarked
package dev.shunt.configuration;

import org.jspecify.annotations.NullMarked;
