package dev.shunt.embedded;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/** A loopback port that stays the same over restarts, as long as nobody else takes it. */
final class KeptPort {

    private KeptPort() {}

    /** The port kept in this file if it is free, else another free one, which is then kept there. */
    static int in(Path file) {
        try {
            if (Files.exists(file)) {
                int kept = Integer.parseInt(Files.readString(file).strip());
                if (isFree(kept)) {
                    return kept;
                }
            }
            int fresh = free();
            Files.writeString(file, Integer.toString(fresh));
            return fresh;
        } catch (NumberFormatException e) {
            throw new BackendException(file + " must hold a port number. Delete it to have a new one chosen.", e);
        } catch (IOException e) {
            throw new BackendException("Could not choose a port for " + file + ": " + e.getMessage(), e);
        }
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address(port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    static InetSocketAddress address(int port) {
        return new InetSocketAddress("127.0.0.1", port);
    }

    private static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(address(0));
            return socket.getLocalPort();
        }
    }
}
