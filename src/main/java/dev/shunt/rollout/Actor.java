package dev.shunt.rollout;

/**
 * Who orders a change.
 *
 * @param label as it is stored and shown
 * @param verified whether somebody checked that it is them
 */
public record Actor(String label, boolean verified) {

    private static final int LONGEST = 128;

    public Actor {
        if (label.isBlank()) {
            throw new IllegalArgumentException("actor must not be blank");
        }
    }

    /**
     * A name that a client gave for itself.
     *
     * @throws IllegalArgumentException if it is blank, longer than 128 characters or not printable
     */
    public static Actor unverified(String name) {
        if (name.isBlank() || name.length() > LONGEST || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("actor must be 1..128 printable characters");
        }
        return new Actor(name.strip() + " (unverified)", false);
    }
}
