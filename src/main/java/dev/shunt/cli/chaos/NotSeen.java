package dev.shunt.cli.chaos;

/** A scene did not show what it must. */
final class NotSeen extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotSeen(String what) {
        super(what);
    }
}
