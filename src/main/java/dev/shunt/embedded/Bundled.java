package dev.shunt.embedded;

import org.springframework.util.ClassUtils;

/** Which servers this build brings: a packaged jar has all of them, one built with the profile {@code slim} none. */
final class Bundled {

    private static final ClassLoader LOADER = Bundled.class.getClassLoader();
    private static final String IN_MEMORY_SERVER = "io.temporal.internal.testservice.TestServicesStarter";

    private Bundled() {}

    static boolean postgres() {
        return LOADER.getResource(postgresArchive()) != null;
    }

    static boolean redis() {
        return LOADER.getResource(redisProgram()) != null;
    }

    static boolean temporal() {
        return ClassUtils.isPresent(IN_MEMORY_SERVER, LOADER);
    }

    static String postgresArchive() {
        Platform platform = Platform.current();
        String arch = platform.processor().equals("arm64") ? "arm_64" : "x86_64";
        return "postgres-" + platform.system() + "-" + arch + ".txz";
    }

    static String redisProgram() {
        return "redis-server-" + RedisBinary.VERSION + "-" + Platform.current();
    }
}
