package dev.shunt.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends servers that a killed Shunt left running. A process id alone proves nothing: the executable must be ours too. */
final class OldChild {

    private static final Logger log = LoggerFactory.getLogger(OldChild.class);

    private OldChild() {}

    /** Whether this process runs exactly this executable. */
    static boolean runs(ProcessHandle process, Path executable) {
        return process.info()
                .command()
                .map(command -> Path.of(command).equals(executable))
                .orElse(false);
    }

    /** Asks the process to end, and kills it if it does not. Returns when it is gone. */
    static void end(ProcessHandle process, String what, Duration patience) {
        log.warn(
                "{} (process {}) was left by an earlier run of Shunt; it is stopped and started anew",
                what,
                process.pid());
        process.destroy();
        if (!isGone(process, patience)) {
            process.destroyForcibly();
            if (!isGone(process, patience)) {
                throw new BackendException(what + " of an earlier run (process " + process.pid()
                        + ") does not end. End it by hand and start Shunt again.");
            }
        }
    }

    /** Waits for a process to end. One that nobody has reaped yet counts as gone: it has no executable any more. */
    static boolean isGone(ProcessHandle process, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            while (process.isAlive() && process.info().command().isPresent()) {
                if (System.nanoTime() > deadline) {
                    return false;
                }
                TimeUnit.MILLISECONDS.sleep(10);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackendException("Interrupted while waiting for process " + process.pid(), e);
        }
    }
}
