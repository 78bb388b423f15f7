package dev.shunt.cli.chaos;

import dev.shunt.cli.DemoFailure;
import java.util.Arrays;

/** What can go wrong, by number. */
enum Fault {
    KILL_INSTANCE(1, "kill -9 of an instance"),
    STOP_INSTANCE(2, "SIGTERM of an instance"),
    FREEZE_INSTANCE(3, "instance frozen for 30 s"),
    KILL_REDIS(4, "kill -9 of Redis"),
    FREEZE_REDIS(5, "Redis frozen for 30 s"),
    KILL_POSTGRES(6, "kill -9 of Postgres"),
    FREEZE_POSTGRES(7, "Postgres frozen for 30 s"),
    KILL_TEMPORAL(8, "kill -9 of Temporal"),
    FREEZE_TEMPORAL(9, "Temporal frozen for 30 s"),
    CUT_REPLIES(10, "replies of Redis cut off after the step"),
    FLIPS(11, "flips and rollbacks every second"),
    POISON(12, "poison messages"),
    DUPLICATES(13, "duplicates and fragments"),
    SLOW_POSTGRES(14, "slow Postgres"),
    ROLLBACK_WITHOUT_POSTGRES(15, "rollback while Postgres is dead"),
    FROZEN_DURING_ROLLBACK(16, "instance frozen before it registers");

    private final int number;
    private final String text;

    Fault(int number, String text) {
        this.number = number;
        this.text = text;
    }

    int number() {
        return number;
    }

    String text() {
        return text;
    }

    /** With how many services it makes sense. */
    int leastInstances() {
        return this == FROZEN_DURING_ROLLBACK ? 2 : 1;
    }

    /** Whether there must be a Temporal server with a process of its own. */
    boolean hitsTemporal() {
        return this == KILL_TEMPORAL || this == FREEZE_TEMPORAL;
    }

    static Fault numbered(String number) {
        return Arrays.stream(values())
                .filter(fault -> Integer.toString(fault.number).equals(number.strip()))
                .findAny()
                .orElseThrow(() -> new DemoFailure("--fault must be 1..16 or all, was " + number));
    }
}
