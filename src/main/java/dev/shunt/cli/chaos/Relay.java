package dev.shunt.cli.chaos;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands between the services and a backend: delays its answers, or swallows the answer to a move and hangs up. */
final class Relay implements AutoCloseable {

    private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int target;
    private final AtomicBoolean cutNextMove = new AtomicBoolean();
    private final AtomicInteger cuts = new AtomicInteger();
    private volatile int delayMillis;

    /** @param target a port on loopback */
    Relay(int target) throws IOException {
        this.target = target;
        thread(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    /** From now on every answer takes this much longer. */
    void delay(int millis) {
        delayMillis = millis;
    }

    /** The next message that a list move takes is moved, and its answer never arrives. */
    void cutNextMove() {
        cutNextMove.set(true);
    }

    int cuts() {
        return cuts.get();
    }

    @Override
    public void close() throws IOException {
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
        var moves = new AtomicBoolean();
        try {
            var backend = new Socket();
            backend.setTcpNoDelay(true);
            backend.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), 5_000);
            thread(() -> pump(client, backend, moves, false));
            pump(backend, client, moves, true);
        } catch (IOException unreachable) {
            hangUp(client);
        }
    }

    private void pump(Socket from, Socket to, AtomicBoolean moves, boolean answers) {
        byte[] buffer = new byte[64 * 1024];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (answers) {
                    if (delayMillis > 0) {
                        Thread.sleep(delayMillis);
                    }
                    if (moves.getAndSet(false) && isText(buffer, n) && cutNextMove.compareAndSet(true, false)) {
                        cuts.incrementAndGet();
                        break;
                    }
                } else if (new String(buffer, 0, n, ISO_8859_1).contains("BLMOVE")) {
                    moves.set(true);
                }
                out.write(buffer, 0, n);
            }
        } catch (IOException ended) {
            // One side hung up: so does the other, below.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        hangUp(from);
        hangUp(to);
    }

    /** A moved message, not the nil of an empty list. */
    private static boolean isText(byte[] answer, int length) {
        return length > 2 && answer[0] == '$' && answer[1] != '-';
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
