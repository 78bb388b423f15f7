package dev.shunt.operations;

/** A variable of the environment has a value that cannot be meant. Stops the start. */
final class WrongSettingException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * @param variable its name
     * @param value what it is set to; {@code ***} if it is secret
     * @param expected the form that it must have
     */
    WrongSettingException(String variable, String value, String expected) {
        super(variable + " must be " + expected + ", was " + (value.isEmpty() ? "empty" : value));
    }
}
