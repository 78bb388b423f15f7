package dev.shunt.routing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** A TCP line that a firewall forgets: what is open stays open and says nothing any more; what is opened later works. */
final class SilentLine implements AutoCloseable {

    private final ServerSocket door;
    private final int target;
    private final List<Link> links = new CopyOnWriteArrayList<>();

    /** @param target a port on loopback */
    SilentLine(int target) throws IOException {
        this.target = target;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    /** @return for each connection open now: how long its client waited, from its next request on, until it hung up */
    List<CompletableFuture<Duration>> silence() {
        List<Link> open = List.copyOf(links);
        open.forEach(link -> link.silent = true);
        return open.stream().map(link -> link.patience).toList();
    }

    private void accept() {
        try {
            while (true) {
                Link link = new Link(door.accept(), new Socket(InetAddress.getLoopbackAddress(), target));
                links.add(link);
                Thread.ofVirtual().start(link::there);
                Thread.ofVirtual().start(link::back);
            }
        } catch (IOException closed) {
            links.forEach(Link::hangUp);
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
    }

    private static final class Link {

        private final Socket client;
        private final Socket server;
        private final CompletableFuture<Duration> patience = new CompletableFuture<>();
        private volatile boolean silent;
        private volatile long askedAt;

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void there() {
            pump(client, server);
            if (silent) {
                patience.complete(Duration.ofNanos(System.nanoTime() - askedAt));
            }
            hangUp();
        }

        void back() {
            pump(server, client);
            if (!silent) {
                hangUp();
            }
        }

        private void pump(Socket from, Socket to) {
            byte[] buffer = new byte[8192];
            try {
                for (int n = from.getInputStream().read(buffer);
                        n >= 0;
                        n = from.getInputStream().read(buffer)) {
                    if (!silent) {
                        to.getOutputStream().write(buffer, 0, n);
                    } else if (from == client && askedAt == 0) {
                        askedAt = System.nanoTime();
                    }
                }
            } catch (IOException ended) {
                // either side went away
            }
        }

        void hangUp() {
            try (client;
                    server) {
                // closing is all there is to do
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
