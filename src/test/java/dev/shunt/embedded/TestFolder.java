package dev.shunt.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/** Folders for servers of this JVM, under {@code target}. Those of ended JVMs are cleared away. */
final class TestFolder {

    private static final Path ROOT = Path.of("target", "backends").toAbsolutePath();
    private static final AtomicInteger COUNT = new AtomicInteger();

    static {
        clearAway();
    }

    private TestFolder() {}

    /** Unpacked programs, shared by all test runs of this working copy. */
    static Path binaries() {
        return ROOT.resolve("bin");
    }

    static Path fresh(String name) {
        try {
            return Files.createDirectories(
                    ROOT.resolve("jvm-" + ProcessHandle.current().pid()).resolve(name + "-" + COUNT.incrementAndGet()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starting a server on a folder ends the one that a killed test run left there; here both go. */
    private static void clearAway() {
        if (!Files.isDirectory(ROOT)) {
            return;
        }
        try (Stream<Path> folders = Files.list(ROOT)) {
            folders.filter(folder -> folder.getFileName().toString().startsWith("jvm-"))
                    .filter(folder -> !isRunning(folder))
                    .forEach(TestFolder::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isRunning(Path folder) {
        long pid = Long.parseLong(folder.getFileName().toString().substring("jvm-".length()));
        return pid == ProcessHandle.current().pid() || ProcessHandle.of(pid).isPresent();
    }

    private static void delete(Path folder) {
        ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .commandLine()
                        .map(line -> line.contains(folder.toString()))
                        .orElse(false))
                .forEach(ProcessHandle::destroyForcibly);
        try {
            FileSystemUtils.deleteRecursively(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
