package dev.shunt.architecture.bad;

/** Stands where only the application may. */
record AtTheRoot(String name) {}
