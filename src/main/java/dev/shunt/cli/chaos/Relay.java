package dev.shunt.cli.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;

/** Stands between services and a backend, and passes on what both say; what else it does is its kind's to say. */
abstract class Relay implements AutoCloseable {

    private final ServerSocket door = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    private final int target;

    /** @param target a port on loopback */
    Relay(int target) throws IOException {
        this.target = target;
        thread(this::accept);
    }

    /** Two ways of one connection, each on a thread of its own. Either ends when it returns or fails, and ends the other. */
    interface Ways {
        void there() throws IOException, InterruptedException;

        void back() throws IOException, InterruptedException;
    }

    abstract Ways carry(Socket client, Socket backend) throws IOException;

    final int port() {
        return door.getLocalPort();
    }

    @Override
    public final void close() throws IOException {
        door.close();
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                client.setTcpNoDelay(true);
                thread(() -> connect(client));
            } catch (SocketException closed) {
                return;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void connect(Socket client) {
        var backend = new Socket();
        try {
            backend.setTcpNoDelay(true);
            backend.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), 5_000);
            Ways ways = carry(client, backend);
            thread(() -> go(ways::there, client, backend));
            go(ways::back, client, backend);
        } catch (IOException unreachable) {
            hangUp(client);
            hangUp(backend);
        }
    }

    private interface Way {
        void go() throws IOException, InterruptedException;
    }

    private static void go(Way way, Socket client, Socket backend) {
        try {
            way.go();
        } catch (IOException ended) {
            // One side hung up: so does the other, below.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        hangUp(client);
        hangUp(backend);
    }

    private static void hangUp(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            // Closing was all that was wanted of it.
        }
    }

    private static void thread(Runnable work) {
        Thread.ofVirtual().start(work);
    }
}
