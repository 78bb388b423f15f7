package dev.shunt.cli;

import java.util.List;

/**
 * One step of the demo.
 *
 * @param name as printed
 * @param percentage what the flag is set to before the first send
 * @param rollback whether everything is taken back while the phase's sends go on
 */
public record Phase(String name, int percentage, boolean rollback) {

    /** The rollout of the runbook, in small. */
    static final List<Phase> PLAN = List.of(
            new Phase("0 %", 0, false),
            new Phase("10 %", 10, false),
            new Phase("50 %", 50, false),
            new Phase("100 %", 100, false),
            new Phase("rollback", 100, true));
}
