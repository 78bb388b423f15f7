package dev.shunt.temporal;

import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.temporal.internal.testservice.GRPCServerHelper;
import io.temporal.internal.testservice.TestServicesStarter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;

/** The SDK's server as one that comes up in steps: at first nothing of it answers, then only what its frontend knows by itself. */
final class RisingTemporal implements AutoCloseable {

    /** Of a call that needs more than the frontend. */
    private static final String HISTORY = "DescribeWorkflowExecution";

    private final TestServicesStarter services = new TestServicesStarter(true, 0);
    private final Server server;
    private final CountDownLatch refused = new CountDownLatch(1);
    private volatile boolean frontend;
    private volatile boolean whole;

    RisingTemporal() {
        try {
            NettyServerBuilder builder = NettyServerBuilder.forAddress(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .intercept(new Gate());
            GRPCServerHelper.registerServicesAndHealthChecks(services.getServices(), builder);
            server = builder.build().start();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    String address() {
        return "127.0.0.1:" + server.getPort();
    }

    /** The first step: the frontend answers, and each call behind it fails. */
    void frontend() {
        frontend = true;
    }

    boolean hasRefused() {
        return refused.getCount() == 0;
    }

    void whole() {
        whole = true;
    }

    @Override
    public void close() {
        server.shutdownNow();
        services.close();
    }

    private final class Gate implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            boolean behind = call.getMethodDescriptor().getFullMethodName().endsWith(HISTORY);
            if (whole || (frontend && !behind)) {
                return next.startCall(call, headers);
            }
            if (frontend) {
                refused.countDown();
            }
            // no status that a client tries again by itself
            call.close(Status.FAILED_PRECONDITION.withDescription("not up yet"), new Metadata());
            return new ServerCall.Listener<>() {};
        }
    }
}
