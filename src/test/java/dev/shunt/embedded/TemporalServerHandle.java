package dev.shunt.embedded;

/** A Temporal server of a test's own, running. Ends with the JVM, or when closed. */
public final class TemporalServerHandle implements AutoCloseable {

    private final TemporalBackend server;

    private TemporalServerHandle(TemporalBackend server) {
        this.server = server;
        server.start();
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
    }

    public static TemporalServerHandle inMemory() {
        return new TemporalServerHandle(new InMemoryTemporal());
    }

    /** Whether the tool of the development server is on the PATH. */
    public static boolean canRunDevServer() {
        return Programs.onPath("temporal").isPresent();
    }

    public String address() {
        return server.address();
    }

    @Override
    public void close() {
        server.close();
    }
}
