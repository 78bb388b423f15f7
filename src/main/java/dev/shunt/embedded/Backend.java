package dev.shunt.embedded;

/** One server that Shunt starts for itself and stops again. */
interface Backend extends AutoCloseable {

    /**
     * Starts it and returns when it answers.
     *
     * @throws BackendException if it does not; nothing is left running then
     */
    void start();

    /** Stops it and keeps its data. Does nothing if it does not run. */
    @Override
    void close();

    /** What it is, for logs. */
    String name();

    /** One line for people: version, folder, address. */
    String description();
}
