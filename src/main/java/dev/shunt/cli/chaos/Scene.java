package dev.shunt.cli.chaos;

import dev.shunt.cli.DemoFailure;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Arrays;

/** What an operator must be able to trust, each played on real processes. */
enum Scene {
    STORY("a planted fault is rolled back by itself, and the history tells it", PlantedFault::play),
    RECALL("the same, and Temporal dies at the moment of the rollback", PlantedFault::withoutTemporal),
    DEAD_DATABASE("a rollback while Postgres is dead", DeadDatabase::play),
    NESTED("10 % within 50 % within 100 %, after 10 -> 0 -> 10 and restarts too", NestedShares::play),
    TWO_OPERATORS("two operators at once", TwoOperators::play),
    LOST_LEADER("the leader is killed, and frozen, during a FAIL", LostLeader::play),
    FROZEN_DECISION("an instance frozen between decision and start during a rollback", FrozenDecision::play);

    /** How it goes; throws {@link NotSeen} if it does not go so. */
    interface Play {
        void on(Stage stage) throws IOException, InterruptedException, SQLException;
    }

    private final String title;

    @SuppressWarnings("ImmutableEnumChecker") // a method reference
    private final Play play;

    Scene(String title, Play play) {
        this.title = title;
        this.play = play;
    }

    int number() {
        return ordinal() + 1;
    }

    String title() {
        return title;
    }

    void play(Stage stage) throws IOException, InterruptedException, SQLException {
        play.on(stage);
    }

    static Scene numbered(String number) {
        return Arrays.stream(values())
                .filter(scene -> Integer.toString(scene.number()).equals(number.strip()))
                .findAny()
                .orElseThrow(() -> new DemoFailure("scenes are 1.." + values().length + " or all, was " + number));
    }
}
