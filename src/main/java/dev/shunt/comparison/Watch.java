package dev.shunt.comparison;

import dev.shunt.core.Workload;

/** What watches over one workload. */
record Watch(Workload workload, DivergenceCheck check, Conservation conservation) {}
