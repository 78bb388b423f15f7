package dev.shunt.architecture.bad.workloads.one;

import dev.shunt.architecture.bad.workloads.two.Other;

/** Imports what this package must not know. */
record KnowsAnother(Other forbidden) {}
