package dev.shunt.core;

/**
 * One boot of one Shunt process; another boot is another instance.
 *
 * @param id unique over all instances and boots, fit for Redis keys and tables: host name and 8 random hex digits
 */
public record Instance(String id) {}
