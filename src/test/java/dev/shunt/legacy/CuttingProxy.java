package dev.shunt.legacy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Stands before a Redis and cuts a connection after a command went through and before its reply comes back. */
final class CuttingProxy implements AutoCloseable {

    private final ServerSocket server;
    private final URI redis;
    private final AtomicInteger cuts = new AtomicInteger();
    private volatile @Nullable String command;
    private volatile Runnable beforeCut = () -> {};

    CuttingProxy(String redisUrl) {
        redis = URI.create(redisUrl);
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::accept);
    }

    String url() {
        return "redis://127.0.0.1:" + server.getLocalPort() + redis.getPath();
    }

    /** The next reply with content to a request that contains this text is lost with its connection. */
    void loseReplyTo(String text) {
        command = text;
    }

    /** Happens after the command went through and before its connection is cut. */
    void beforeCut(Runnable work) {
        beforeCut = work;
    }

    int cuts() {
        return cuts.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                Socket upstream = new Socket(redis.getHost(), redis.getPort());
                var link = new Link(client, upstream);
                daemon(link::requests);
                daemon(link::replies);
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private static void daemon(Runnable work) {
        Thread.ofPlatform().daemon().start(work);
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Link {
        private final Socket client;
        private final Socket upstream;
        private volatile boolean marked;

        Link(Socket client, Socket upstream) {
            this.client = client;
            this.upstream = upstream;
        }

        void requests() {
            pump(client, upstream, chunk -> {
                String wanted = command;
                marked = wanted != null && chunk.contains(wanted);
                return true;
            });
        }

        void replies() {
            pump(upstream, client, chunk -> {
                boolean empty = chunk.startsWith("$-1") || chunk.startsWith("*-1") || chunk.startsWith("_");
                if (marked && !empty) {
                    command = null;
                    beforeCut.run();
                    cuts.incrementAndGet();
                    return false;
                }
                return true;
            });
        }

        private void pump(Socket from, Socket to, java.util.function.Predicate<String> pass) {
            try (from;
                    to) {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                byte[] buffer = new byte[64 * 1024];
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    if (!pass.test(new String(buffer, 0, n, ISO_8859_1))) {
                        return;
                    }
                    out.write(buffer, 0, n);
                    out.flush();
                }
            } catch (IOException ended) {
                // either side went away: so does the other
            }
        }
    }
}
