package dev.shunt.core;

import java.util.regex.Pattern;

/**
 * A kind of work that has two implementations, one on each route.
 *
 * @param name lower-case, 1..32 characters of {@code a-z 0-9 -}, beginning with a letter; part of keys and metrics
 */
public record Workload(String name) {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,31}");

    public Workload {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("workload must match " + NAME + ", was '" + name + "'");
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
