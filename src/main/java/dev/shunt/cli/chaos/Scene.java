package dev.shunt.cli.chaos;

import dev.shunt.cli.DemoFailure;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What an operator must be able to trust, each played on real processes. */
enum Scene {
    STORY(1, "a planted fault is rolled back by itself, and the history tells it", PlantedFault::play),
    RECALL(2, "the same, and Temporal dies at the moment of the rollback", PlantedFault::withoutTemporal),
    DEAD_DATABASE(3, "a rollback while Postgres is dead", DeadDatabase::play),
    NESTED(4, "10 % within 50 % within 100 %, after 10 -> 0 -> 10 and restarts too", NestedShares::play),
    TWO_OPERATORS(5, "two operators at once", TwoOperators::play),
    LOST_LEADER(6, "the leader is killed, and frozen, during a FAIL", LostLeader::play),
    FROZEN_DECISION(7, "an instance frozen between decision and start during a rollback", FrozenDecision::play),
    ROLES(8, "three services that share out the roles, each killed under load", RolesApart::play);

    /** How it goes; throws {@link NotSeen} if it does not go so. */
    interface Play {
        void on(Stage stage) throws IOException, InterruptedException, SQLException;
    }

    private final int number;
    private final String title;

    @SuppressWarnings("ImmutableEnumChecker") // a method reference
    private final Play play;

    Scene(int number, String title, Play play) {
        this.number = number;
        this.title = title;
        this.play = play;
    }

    int number() {
        return number;
    }

    String title() {
        return title;
    }

    void play(Stage stage) throws IOException, InterruptedException, SQLException {
        play.on(stage);
    }

    /** Whether it needs services of its own, with settings of its own. */
    boolean alone() {
        return this == NESTED || this == ROLES;
    }

    /** Of every service. */
    List<String> settings() {
        List<String> settings = new ArrayList<>(Stage.PLAN);
        if (this == NESTED) {
            settings.add("--shunt.temporal.starts-per-second=20");
        }
        return settings;
    }

    /** The roles of each service, in their order; each has all where nothing is said. */
    List<String> roles() {
        return this == ROLES ? RolesApart.ROLES : List.of("", "");
    }

    static Scene numbered(String number) {
        return Arrays.stream(values())
                .filter(scene -> Integer.toString(scene.number()).equals(number.strip()))
                .findAny()
                .orElseThrow(() -> new DemoFailure("scenes are 1.." + values().length + " or all, was " + number));
    }
}
