package dev.shunt.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Redis as a child process: loopback only, every write on disk before it is answered, data kept. Takes over after a
 * kill: a server left on the same folder is stopped first.
 */
final class EmbeddedRedis implements Backend {

    private final Path shown;
    private final Path folder;
    private final int databases;
    private final Path logFile;
    private final ChildProcess child = new ChildProcess("Redis", Duration.ofMillis(20));
    private int port;

    /**
     * @param folder where the binary, the data, the log and the port are kept
     * @param databases how many numbered databases it has
     */
    EmbeddedRedis(Path folder, int databases) {
        this.shown = folder;
        this.folder = folder.toAbsolutePath().normalize();
        this.databases = databases;
        this.logFile = this.folder.resolve("redis.log");
    }

    @Override
    public void start() {
        Path binary = RedisBinary.copiedTo(folder);
        // The binary is in our own folder, so whoever runs it is an old child of ours; a pid file may be out of date.
        ProcessHandle.allProcesses()
                .filter(candidate -> OldChild.runs(candidate, binary))
                .forEach(old -> OldChild.end(old, "Redis", ChildProcess.STOP));
        for (int attempt = 1; ; attempt++) {
            port = KeptPort.in(folder.resolve("port"));
            if (child.answersInTime(launch(binary), this::answersPing)) {
                return;
            }
            close();
            if (attempt == 3 || KeptPort.isFree(port)) {
                throw new BackendException("Embedded Redis did not start. " + LogTail.of(logFile));
            }
        }
    }

    @Override
    public void close() {
        child.end();
    }

    @Override
    public String name() {
        return "Redis";
    }

    @Override
    public String description() {
        return "embedded " + RedisBinary.VERSION + " in " + shown + ", 127.0.0.1:" + port;
    }

    String url() {
        return "redis://127.0.0.1:" + port;
    }

    int port() {
        return port;
    }

    @Nullable
    Process process() {
        return child.process();
    }

    private Process launch(Path binary) {
        try {
            Path data = Files.createDirectories(folder.resolve("data"));
            return new ProcessBuilder(List.of(
                            binary.toString(),
                            "--port",
                            Integer.toString(port),
                            "--bind",
                            "127.0.0.1",
                            "--protected-mode",
                            "yes",
                            "--dir",
                            data.toString(),
                            "--appendonly",
                            "yes",
                            "--appendfsync",
                            "always",
                            "--save",
                            "",
                            "--maxmemory-policy",
                            "noeviction",
                            "--databases",
                            Integer.toString(databases),
                            "--pidfile",
                            folder.resolve("redis.pid").toString()))
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile()))
                    .start();
        } catch (IOException e) {
            throw new BackendException("Could not start embedded Redis in " + folder + ": " + e.getMessage(), e);
        }
    }

    /** While it loads its data it answers LOADING, which is not yet good enough. */
    private boolean answersPing() {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(1_000);
            socket.connect(KeptPort.address(port), 1_000);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            InputStream answer = socket.getInputStream();
            return new String(answer.readNBytes(5), StandardCharsets.US_ASCII).equals("+PONG");
        } catch (IOException notYet) {
            return false;
        }
    }
}
