package dev.shunt.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Processor time of this JVM and of the servers that it uses, from Linux's /proc. It counts what was worked, not what was
 * waited for, so it means the same on a busy machine; caches shared with others still make it noisy.
 */
final class Cpu {

    private static final double MICROS_PER_TICK = 10_000; // USER_HZ is 100 on every Linux that Java runs on

    private final Map<String, Long> servers = new LinkedHashMap<>();

    /** @param pid the server's first process; its children count with it */
    Cpu server(String name, long pid) {
        servers.put(name, pid);
        return this;
    }

    /** Microseconds so far, by process. */
    Map<String, Double> now() {
        Map<String, Double> used = new LinkedHashMap<>();
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        used.put("JVM", system.getProcessCpuTime() / 1e3);
        servers.forEach((name, pid) -> used.put(name, micros(pid)));
        return used;
    }

    /** Microseconds for each item since {@code before}, by process. */
    Map<String, Double> perItem(Map<String, Double> before, int items) {
        Map<String, Double> spent = new LinkedHashMap<>();
        now().forEach((name, micros) -> spent.put(name, (micros - before.getOrDefault(name, 0.0)) / items));
        return spent;
    }

    static double sum(Map<String, Double> spent) {
        return spent.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    /** The process whose child this one is. */
    static long parent(long pid) {
        return Long.parseLong(stat(pid).get(1));
    }

    private static double micros(long root) {
        List<String> stat = stat(root);
        double ticks = ticks(stat, 11) + ticks(stat, 12) + ticks(stat, 13) + ticks(stat, 14);
        for (long pid : all()) {
            List<String> child = stat(pid);
            if (!child.isEmpty() && Long.parseLong(child.get(1)) == root) {
                ticks += ticks(child, 11) + ticks(child, 12) + ticks(child, 13) + ticks(child, 14);
            }
        }
        return ticks * MICROS_PER_TICK;
    }

    private static double ticks(List<String> stat, int field) {
        return stat.isEmpty() ? 0 : Double.parseDouble(stat.get(field));
    }

    private static List<Long> all() {
        try (var entries = Files.list(Path.of("/proc"))) {
            return entries.map(path -> path.getFileName().toString())
                    .filter(name -> name.chars().allMatch(Character::isDigit))
                    .map(Long::valueOf)
                    .collect(Collectors.toList());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The fields behind the name, which may hold blanks itself; empty if the process is gone. */
    private static List<String> stat(long pid) {
        try {
            String text = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return List.of(text.substring(text.lastIndexOf(')') + 2).split(" "));
        } catch (NoSuchFileException gone) {
            return List.of();
        } catch (IOException gone) {
            return List.of();
        }
    }
}
