package dev.shunt.embedded;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.temporal.internal.testservice.GRPCServerHelper;
import io.temporal.internal.testservice.TestServicesStarter;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * The SDK's own server inside this process, in real time. It forgets everything when it stops, has no UI, and keeps
 * every workflow in memory until then. Uses internal classes of the SDK, because its public way listens on all addresses.
 */
final class InMemoryTemporal implements TemporalBackend {

    private static final int MAX_MESSAGE = 16 << 20;
    private static final boolean REAL_TIME = true;

    private @Nullable TestServicesStarter services;
    private @Nullable Server server;

    @Override
    public void start() {
        // Its threads inherit being a daemon from the one that starts it; else a failed start would never exit.
        FutureTask<Server> start = new FutureTask<>(this::listen);
        Thread.ofPlatform().daemon().name("temporal-in-memory").start(start);
        try {
            server = start.get();
        } catch (ExecutionException e) {
            close();
            throw new BackendException("The in-memory Temporal server did not start: " + e.getCause(), e);
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new BackendException("Interrupted while the in-memory Temporal server started", e);
        }
    }

    @Override
    public void close() {
        if (server != null) {
            server.shutdownNow();
            server = null;
        }
        if (services != null) {
            services.close();
            services = null;
        }
    }

    @Override
    public String name() {
        return "Temporal";
    }

    @Override
    public String description() {
        return "embedded in-memory server of the SDK, " + address();
    }

    @Override
    public String address() {
        return "127.0.0.1:" + (server == null ? 0 : server.getPort());
    }

    @Override
    public boolean inMemory() {
        return true;
    }

    @Override
    public Optional<String> ui() {
        return Optional.empty();
    }

    private Server listen() throws IOException {
        TestServicesStarter starter = new TestServicesStarter(REAL_TIME, 0);
        services = starter;
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(KeptPort.address(0)).maxInboundMessageSize(MAX_MESSAGE);
        GRPCServerHelper.registerServicesAndHealthChecks(starter.getServices(), builder);
        return builder.build().start();
    }
}
