package dev.shunt.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Where a benchmark runs. */
final class Machine {

    private Machine() {}

    /** Cores, load, JDK, commit; servers add themselves. */
    static Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        environment.put("commit", System.getProperty("shunt.bench.commit", "unknown"));
        environment.put(
                "cores", Integer.toString(Runtime.getRuntime().availableProcessors()) + " (" + processor() + ")");
        environment.put("load at the start", load());
        environment.put("JDK", System.getProperty("java.vm.version") + " " + System.getProperty("java.vendor"));
        environment.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        return environment;
    }

    static String load() {
        double average = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return String.format(Locale.ROOT, "%.2f", average);
    }

    private static String processor() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException elsewhere) {
            return "unknown";
        }
    }
}
