package dev.shunt.cli;

/** The demo could not be carried out; says nothing about whether Shunt lost or doubled anything. */
final class DemoFailure extends RuntimeException {

    DemoFailure(String message) {
        super(message);
    }

    DemoFailure(String message, Throwable cause) {
        super(message + ": " + cause.getMessage(), cause);
    }
}
