package dev.shunt.cli;

import java.io.IOException;
import java.io.PrintWriter;

/** How far the demo is: one line that redraws itself on a terminal, a line per phase elsewhere. */
final class ProgressBar {

    private static final int WIDTH = 40;

    private final PrintWriter out;
    private final int total;
    private final boolean terminal;
    private int done;
    private String phase = "";

    ProgressBar(PrintWriter out, int total, boolean terminal) {
        this.out = out;
        this.total = total;
        this.terminal = terminal;
    }

    /** Whether standard output is a terminal; Java 21 has no call for it that does not also ask standard input. */
    static boolean onTerminal() throws InterruptedException {
        try {
            return new ProcessBuilder("test", "-t", "1").inheritIO().start().waitFor() == 0;
        } catch (IOException noSuchCommand) {
            return false;
        }
    }

    void step(String phaseName) {
        done++;
        if (terminal) {
            int filled = WIDTH * done / total;
            out.printf("\r%-9s [%s%s] %d/%d", phaseName, "#".repeat(filled), ".".repeat(WIDTH - filled), done, total);
        } else if (!phaseName.equals(phase)) {
            out.printf("phase %-9s from trace %d of %d%n", phaseName, done, total);
        }
        phase = phaseName;
        out.flush();
    }

    /** A line of its own; the bar goes on below it. */
    void say(String line) {
        out.println((terminal && done > 0 ? "\r" + " ".repeat(WIDTH + 30) + "\r" : "") + line);
        out.flush();
    }

    void end() {
        if (terminal) {
            out.println();
        }
        out.flush();
    }
}
