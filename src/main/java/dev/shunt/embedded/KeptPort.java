package dev.shunt.embedded;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * A loopback port that stays the same over restarts, as long as nobody else takes it. It lies below the ports that systems
 * give to outgoing connections: a client that tries again and again to reach a server that is being started could
 * otherwise be given that very port, and take it away.
 */
final class KeptPort {

    private static final int LOWEST = 15_000;
    private static final int HIGHEST = 32_000;
    private static final int TRIES = 100;
    private static final Duration LET_GO_WITHIN = Duration.ofSeconds(2);

    private KeptPort() {}

    /** The port kept in this file if it is free, else another free one, which is then kept there. */
    static int in(Path file) {
        try {
            if (Files.exists(file)) {
                int kept = Integer.parseInt(Files.readString(file).strip());
                if (becomesFree(kept)) {
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

    /** The last owner may be on its way out. */
    private static boolean becomesFree(int port) {
        long giveUp = System.nanoTime() + LET_GO_WITHIN.toNanos();
        while (!isFree(port)) {
            if (System.nanoTime() > giveUp || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
        return true;
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
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (isFree(port)) {
                return port;
            }
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(address(0));
            return socket.getLocalPort();
        }
    }
}
