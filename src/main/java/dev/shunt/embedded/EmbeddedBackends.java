package dev.shunt.embedded;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The embedded backends of this process: started together, stopped together. */
final class EmbeddedBackends implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedBackends.class);

    private final DataFolder folder;
    private final Map<Backend, Runnable> backends = new LinkedHashMap<>();
    private volatile boolean closing;

    EmbeddedBackends(DataFolder folder) {
        this.folder = folder;
    }

    /** @param whenReady called by {@link #start} after all have started */
    void add(Backend backend, Runnable whenReady) {
        backends.put(backend, whenReady);
    }

    /** @throws BackendException if one does not start; the others are stopped then */
    void start() {
        CompletableFuture<?>[] starts = backends.keySet().stream()
                // Daemons: a start that hangs must not keep a process alive that wants to end.
                .map(backend -> CompletableFuture.runAsync(
                        () -> start(backend),
                        task -> Thread.ofPlatform()
                                .daemon()
                                .name("embedded-start")
                                .start(task)))
                .toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(starts).join();
        } catch (CompletionException e) {
            close();
            if (e.getCause() instanceof BackendException known) {
                throw known;
            }
            throw new BackendException("An embedded backend did not start: " + e.getCause(), e);
        }
        if (closing) {
            throw new BackendException("Shunt was stopped while its embedded backends started");
        }
        backends.values().forEach(Runnable::run);
    }

    /** Stops all, and waits for one that is just starting. The second call does nothing. */
    @Override
    public synchronized void close() {
        if (closing) {
            return;
        }
        closing = true;
        backends.keySet().parallelStream().forEach(this::stop);
        folder.close();
    }

    private void start(Backend backend) {
        synchronized (backend) {
            if (closing) {
                return;
            }
            long begun = System.nanoTime();
            backend.start();
            log.info(
                    "{} is ready after {} ms: {}",
                    backend.name(),
                    (System.nanoTime() - begun) / 1_000_000,
                    backend.description());
        }
    }

    private void stop(Backend backend) {
        synchronized (backend) {
            try {
                backend.close();
            } catch (RuntimeException e) {
                log.warn("Could not stop {}; the next start on this folder stops it", backend.name(), e);
            }
        }
    }
}
