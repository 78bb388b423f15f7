package dev.shunt.temporal;

import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.temporal.internal.testservice.GRPCServerHelper;
import io.temporal.internal.testservice.TestServicesStarter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The SDK's server behind a real TLS port: the {@code temporal} tool's has none. */
final class TlsTemporal implements AutoCloseable {

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    /** What callers showed as their authorization. */
    final Set<String> authorizations = ConcurrentHashMap.newKeySet();

    private final TestServicesStarter services = new TestServicesStarter(true, 0);
    private final Server server;

    /** @param clients what it wants to know of clients */
    TlsTemporal(ClientAuth clients) {
        try {
            NettyServerBuilder builder = NettyServerBuilder.forAddress(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .sslContext(GrpcSslContexts.forServer(
                                    file("server.pem").toFile(),
                                    file("server.key").toFile())
                            .trustManager(file("ca.pem").toFile())
                            .clientAuth(clients)
                            .build())
                    .intercept(new Authorizations());
            GRPCServerHelper.registerServicesAndHealthChecks(services.getServices(), builder);
            server = builder.build().start();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static Path file(String name) {
        return Path.of("src", "test", "resources", "tls", name);
    }

    String address() {
        return "127.0.0.1:" + server.getPort();
    }

    @Override
    public void close() {
        server.shutdownNow();
        services.close();
    }

    private final class Authorizations implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            String shown = headers.get(AUTHORIZATION);
            authorizations.add(shown == null ? "none" : shown);
            return next.startCall(call, headers);
        }
    }
}
