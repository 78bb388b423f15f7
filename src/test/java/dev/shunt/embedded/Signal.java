package dev.shunt.embedded;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** What a test does to a server's process and all that it has started. */
final class Signal {

    private Signal() {}

    static void send(String signal, ProcessHandle process) {
        List<ProcessHandle> tree =
                Stream.concat(Stream.of(process), process.descendants()).toList();
        for (ProcessHandle one : tree) {
            // One that has ended by itself meanwhile is no fault.
            Command.run(List.of(), Duration.ofSeconds(5), "kill", "-" + signal, Long.toString(one.pid()));
        }
        if (signal.equals("KILL")) {
            tree.forEach(one -> OldChild.isGone(one, Duration.ofSeconds(10)));
        }
    }
}
