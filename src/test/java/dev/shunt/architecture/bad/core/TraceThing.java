package dev.shunt.architecture.bad.core;

import io.micrometer.core.instrument.MeterRegistry;

/** Imports what this package must not know. */
record TraceThing(MeterRegistry forbidden) {}
