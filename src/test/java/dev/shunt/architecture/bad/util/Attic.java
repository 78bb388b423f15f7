package dev.shunt.architecture.bad.util;

import java.util.List;

/** Imports what this package must not know. */
record Attic(List<String> forbidden) {}
