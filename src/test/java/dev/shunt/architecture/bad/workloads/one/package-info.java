@NullMarked
package dev.shunt.architecture.bad.workloads.one;

import org.jspecify.annotations.NullMarked;
