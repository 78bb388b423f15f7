package dev.shunt.temporal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A TCP line to a server that a test can cut, or make swallow everything, and mend again under the same address. */
final class CuttableLine implements AutoCloseable {

    private final String host;
    private final int port;
    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean silent;
    private boolean cut;

    CuttableLine(String address) {
        host = address.substring(0, address.lastIndexOf(':'));
        port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().daemon().name("line-accept").start(this::accept);
    }

    String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /** Connections break, new ones are reset. The port stays taken: given back, it may be somebody else's when it is wanted again. */
    synchronized void cut() {
        cut = true;
        breakAll();
    }

    /** Connections stay open, new ones are accepted, nothing gets through. */
    void swallow() {
        silent = true;
    }

    synchronized void mend() {
        // First: the rest of a stream that lost its middle must not get through.
        breakAll();
        silent = false;
        cut = false;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                connect(listener.accept());
            } catch (IOException over) {
                close(listener);
            }
        }
    }

    private void connect(Socket near) {
        Socket far;
        try {
            far = new Socket(host, port);
        } catch (IOException serverAway) {
            reset(near);
            return;
        }
        if (!join(near, far)) {
            close(far);
            reset(near);
        }
    }

    /** Under the lock of cutting: what was accepted while the line was being cut would go on beside the cut. */
    private synchronized boolean join(Socket near, Socket far) {
        if (cut) {
            return false;
        }
        open.add(near);
        open.add(far);
        Thread.ofPlatform().daemon().name("line-up").start(() -> pump(near, far));
        Thread.ofPlatform().daemon().name("line-down").start(() -> pump(far, near));
        return true;
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (SocketException gone) {
            close(socket); // the other side was faster
            return;
        }
        close(socket);
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[8192];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (!silent) {
                    to.getOutputStream().write(buffer, 0, read);
                }
            }
        } catch (SocketException broken) {
            open.remove(from);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void breakAll() {
        open.forEach(CuttableLine::close);
        open.clear();
    }

    private static void close(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            throw new IllegalStateException("a socket could not be closed", e);
        }
    }

    @Override
    public void close() {
        close(listener);
        cut();
    }
}
