@NullMarked
package dev.shunt.architecture.bad.workloads.two;

import org.jspecify.annotations.NullMarked;
