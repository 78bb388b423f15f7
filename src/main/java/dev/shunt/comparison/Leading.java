package dev.shunt.comparison;

/** Whether this instance is the one that watches the rollouts and acts on them. Of all instances at most one is. */
public interface Leading {

    boolean leads();
}
