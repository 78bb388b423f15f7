/** Benchmarks of the five questions in docs/benchmarks.md. Compiled with the Maven profile {@code bench} only. */
@NullMarked
package dev.shunt.bench;

import org.jspecify.annotations.NullMarked;
