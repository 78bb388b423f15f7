package dev.shunt.cli.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Stops, continues and kills processes with everything they started. */
final class Signals {

    private Signals() {}

    static void freeze(long pid) throws IOException, InterruptedException {
        send("STOP", pid);
    }

    static void thaw(long pid) throws IOException, InterruptedException {
        send("CONT", pid);
    }

    /** What a power cut does: none of them gets to say a word, none survives the others. */
    static void kill9(long pid) throws IOException, InterruptedException {
        send("KILL", pid);
        while (ProcessHandle.of(pid).map(Signals::runs).orElse(false)) {
            Thread.sleep(10);
        }
    }

    private static boolean runs(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent(); // a zombie has no command
    }

    private static void send(String signal, long pid) throws IOException, InterruptedException {
        var command = new ArrayList<String>(List.of("kill", "-" + signal, Long.toString(pid)));
        // Postgres is many processes, and its children outlive their parent by a moment: long enough to write.
        ProcessHandle.of(pid)
                .ifPresent(process -> process.descendants().forEach(child -> command.add(Long.toString(child.pid()))));
        new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
