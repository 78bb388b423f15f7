package dev.shunt.temporal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A TCP line to a server that a test can cut, or make swallow everything, and mend again under the same address. */
final class CuttableLine implements AutoCloseable {

    private final String host;
    private final int port;
    private final int ownPort;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean silent;
    private volatile @Nullable ServerSocket listener;

    CuttableLine(String address) {
        host = address.substring(0, address.lastIndexOf(':'));
        port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        ownPort = listen(0);
    }

    String address() {
        return "127.0.0.1:" + ownPort;
    }

    /** Connections break, new ones are refused. */
    synchronized void cut() {
        close(listener);
        listener = null;
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
        if (listener == null) {
            listen(ownPort);
        }
    }

    private int listen(int wanted) {
        try {
            var socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted));
            listener = socket;
            Thread.ofPlatform().daemon().name("line-accept").start(() -> accept(socket));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocket socket) {
        try {
            while (true) {
                Socket near = socket.accept();
                Socket far = new Socket(host, port);
                if (!connect(socket, near, far)) {
                    return;
                }
                Thread.ofPlatform().daemon().name("line-up").start(() -> pump(near, far));
                Thread.ofPlatform().daemon().name("line-down").start(() -> pump(far, near));
            }
        } catch (IOException cut) {
            close(socket);
        }
    }

    /** Under the lock of cutting: what was accepted while the line was being cut would go on beside the cut. */
    private synchronized boolean connect(ServerSocket socket, Socket near, Socket far) {
        if (listener != socket) {
            close(near);
            close(far);
            return false;
        }
        open.add(near);
        open.add(far);
        return true;
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

    private static void close(@Nullable AutoCloseable socket) {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (Exception e) {
            throw new IllegalStateException("a socket could not be closed", e);
        }
    }

    @Override
    public void close() {
        cut();
    }
}
