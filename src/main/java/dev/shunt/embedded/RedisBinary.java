package dev.shunt.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The Redis server, copied out of the jar for this platform. */
final class RedisBinary {

    static final String VERSION = "7.0.15";

    private RedisBinary() {}

    /** Copies it into this folder, unless an earlier start did. */
    static Path copiedTo(Path folder) {
        Platform platform = Platform.current();
        Path target = folder.resolve("redis-server-" + VERSION);
        try (InputStream binary = RedisBinary.class.getClassLoader().getResourceAsStream(Bundled.redisProgram())) {
            if (binary == null) {
                throw new BackendException("This build of Shunt brings no Redis for " + platform
                        + ". Set REDIS_URL to a Redis of your own, version 6.2 or newer.");
            }
            if (!Files.exists(target)) {
                Files.createDirectories(folder);
                Path unfinished = Files.createTempFile(folder, "redis-server-", ".unfinished");
                Files.copy(binary, unfinished, StandardCopyOption.REPLACE_EXISTING);
                if (!unfinished.toFile().setExecutable(true, false)) {
                    throw new IOException("it cannot be made executable");
                }
                Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
            }
            return target.toRealPath();
        } catch (IOException e) {
            throw new BackendException("Could not copy Redis to " + target + ": " + e.getMessage(), e);
        }
    }
}
