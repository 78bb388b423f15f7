/** The whole application on real backends, seen from outside: what a client sends, what an operator does, what is stored. */
@NullMarked
package dev.shunt.bridge;

import org.jspecify.annotations.NullMarked;
