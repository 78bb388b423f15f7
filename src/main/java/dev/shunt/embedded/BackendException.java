package dev.shunt.embedded;

/** An embedded backend cannot be used. The message says which, why, and what can be done; no stack trace is needed. */
final class BackendException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BackendException(String message) {
        super(message);
    }

    BackendException(String message, Throwable cause) {
        super(message, cause);
    }
}
