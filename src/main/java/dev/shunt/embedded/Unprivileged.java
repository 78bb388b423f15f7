package dev.shunt.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to run what refuses to run as root, as Postgres does.
 *
 * @param prefix what to put before a command; empty if this process may run it as it is
 * @param owner {@code user:group} to whom files must be given first; null if their owner can stay
 */
record Unprivileged(List<String> prefix, @Nullable String owner) {

    private static final Duration PROBE = Duration.ofSeconds(10);

    static final Unprivileged AS_I_AM = new Unprivileged(List.of(), null);

    /** The first way that works here: as we are, in a user namespace of its own, as another user. */
    static Unprivileged find() {
        if (!isRoot()) {
            return AS_I_AM;
        }
        // Containers often forbid user namespaces; the other two need files that belong to the other user.
        Unprivileged namespace = new Unprivileged(List.of("unshare", "-U"), null);
        if (namespace.works()) {
            return namespace;
        }
        return find("postgres", "nobody");
    }

    /** A way to run as one of these users. */
    static Unprivileged find(String... users) {
        for (String user : users) {
            Command group = id(List.of(), "-gn", user);
            if (group.succeeded()) {
                String owner = user + ":" + group.output();
                for (List<String> prefix : List.of(
                        List.of("setpriv", "--reuid", user, "--regid", group.output(), "--clear-groups"),
                        List.of("runuser", "-u", user, "--"))) {
                    Unprivileged way = new Unprivileged(prefix, owner);
                    if (way.works()) {
                        return way;
                    }
                }
            }
        }
        throw new BackendException("Embedded Postgres refuses to run as root, and none of unshare, setpriv and runuser"
                + " works here. Start Shunt as a normal user, or set DATABASE_URL to a Postgres of your own.");
    }

    /** Gives a file or folder to the user that the commands run as. */
    void giveTo(Path path) {
        if (owner != null) {
            Command chown = Command.run(List.of(), PROBE, "chown", "-R", owner, path.toString());
            if (!chown.succeeded()) {
                throw new BackendException("Could not give " + path + " to " + owner + ": " + chown.output());
            }
        }
    }

    private boolean works() {
        Command uid = id(prefix, "-u");
        return uid.succeeded() && !uid.output().equals("0");
    }

    private static boolean isRoot() {
        return !System.getProperty("os.name").startsWith("Windows")
                && id(List.of(), "-u").output().equals("0");
    }

    private static Command id(List<String> prefix, String... arguments) {
        String[] line = new String[arguments.length + 1];
        line[0] = "id";
        System.arraycopy(arguments, 0, line, 1, arguments.length);
        try {
            return Command.run(prefix, PROBE, line);
        } catch (BackendException missing) {
            return new Command(-1, String.valueOf(missing.getMessage()));
        }
    }
}
