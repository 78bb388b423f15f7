package dev.shunt.architecture.bad.workloads.two;

/** Another workload. */
public record Other(String name) {}
