package dev.shunt.core;

import java.util.Set;

/** The roles of this process; at least one. */
public record Roles(Set<Role> all) {

    public Roles {
        if (all.isEmpty()) {
            throw new IllegalArgumentException("a process must have a role");
        }
        all = Set.copyOf(all);
    }

    public boolean has(Role role) {
        return all.contains(role);
    }

    public boolean hasAny(Set<Role> some) {
        return some.stream().anyMatch(all::contains);
    }
}
