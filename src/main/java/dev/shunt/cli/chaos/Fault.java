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
    CUT_AFTER_MOVE(10, "connection to Redis cut after a move"),
    FLIPS(11, "flips and rollbacks every second"),
    POISON(12, "poison messages"),
    DUPLICATES(13, "duplicates and fragments"),
    SLOW_POSTGRES(14, "slow Postgres"),
    ROLLBACK_WITHOUT_POSTGRES(15, "rollback while Postgres is dead"),
    FROZEN_DURING_ROLLBACK(16, "instance frozen while others roll back");

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

    boolean needsRelays() {
        return this == CUT_AFTER_MOVE || this == SLOW_POSTGRES;
    }

    static Fault numbered(String number) {
        return Arrays.stream(values())
                .filter(fault -> Integer.toString(fault.number).equals(number.strip()))
                .findAny()
                .orElseThrow(() -> new DemoFailure("--fault must be 1..16 or all, was " + number));
    }
}
