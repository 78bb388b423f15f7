package dev.shunt.rollout;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.shunt.core.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Rollback orders that Postgres could not record yet, one file each, on the disk before anyone is told about them. A
 * file that cannot be read still counts as an order: forgetting one is the only mistake that hurts.
 */
final class OrderFolder {

    private static final String SUFFIX = ".order";

    private final Path folder;

    OrderFolder(Path folder) {
        this.folder = folder;
    }

    void keep(RollbackOrder order) throws IOException {
        Files.createDirectories(folder);
        Path written = folder.resolve(order.id() + ".tmp");
        try (FileChannel file = FileChannel.open(written, CREATE, WRITE, TRUNCATE_EXISTING)) {
            ByteBuffer line = ByteBuffer.wrap((order.line() + "\n").getBytes(UTF_8));
            while (line.hasRemaining()) {
                file.write(line);
            }
            file.force(true);
        }
        Files.move(written, path(order), ATOMIC_MOVE);
        force(folder);
    }

    void forget(RollbackOrder order) throws IOException {
        if (Files.deleteIfExists(path(order))) {
            force(folder);
        }
    }

    /** Every order kept here; an unreadable file is an order for each of the workloads. */
    List<RollbackOrder> load(Iterable<Workload> workloads) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        var orders = new ArrayList<RollbackOrder>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(SUFFIX)).sorted().toList()) {
                RollbackOrder.parse(read(file))
                        .ifPresentOrElse(orders::add, () -> workloads.forEach(w -> orders.add(unreadable(file, w))));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the folder of rollback orders " + folder + " cannot be read: it may hold an order to obey", e);
        }
        return orders;
    }

    private static RollbackOrder unreadable(Path file, Workload workload) {
        String reason = "rollback order file " + file.getFileName() + " cannot be read; remove it by hand";
        String id = UUID.randomUUID().toString();
        return new RollbackOrder(id, workload, new Actor("shunt", true), reason, Instant.now());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            return ""; // not an order's line: the caller takes it as an order for everything
        }
    }

    private Path path(RollbackOrder order) {
        return folder.resolve(order.id() + SUFFIX);
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel handle = FileChannel.open(directory, READ)) {
            handle.force(true);
        }
    }
}
