package dev.shunt.embedded;

import java.util.Locale;

/**
 * The machine, in the words that binaries' jars use.
 *
 * @param system {@code linux}, {@code darwin} or {@code windows}
 * @param processor {@code amd64} or {@code arm64}
 */
record Platform(String system, String processor) {

    static Platform current() {
        String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String system = name.startsWith("windows") ? "windows" : name.startsWith("mac") ? "darwin" : "linux";
        String arch = System.getProperty("os.arch");
        return new Platform(
                system,
                switch (arch) {
                    case "amd64", "x86_64" -> "amd64";
                    case "aarch64", "arm64" -> "arm64";
                    default -> arch;
                });
    }

    boolean isWindows() {
        return system.equals("windows");
    }

    /** The name of an executable file. */
    String executable(String name) {
        return isWindows() ? name + ".exe" : name;
    }

    @Override
    public String toString() {
        return system + "-" + processor;
    }
}
