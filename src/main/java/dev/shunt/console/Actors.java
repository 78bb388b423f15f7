package dev.shunt.console;

import dev.shunt.rollout.Actor;

/** Reads who orders something. */
final class Actors {

    static final String HEADER = "X-Shunt-Actor";

    private Actors() {}

    static Actor of(String header) {
        try {
            return Actor.unverified(header);
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest("header " + HEADER + ": " + e.getMessage());
        }
    }
}
