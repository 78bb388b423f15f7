package dev.shunt.cli;

/** The demo or a crash round could not be carried out; says nothing about whether Shunt lost or doubled anything. */
public final class DemoFailure extends RuntimeException {

    /** @param message what, and why */
    public DemoFailure(String message) {
        super(message);
    }

    /** @param cause its message is added */
    public DemoFailure(String message, Throwable cause) {
        super(message + ": " + cause.getMessage(), cause);
    }
}
