package dev.shunt.core;

/**
 * Something that must hold before items may be sent to Temporal. Every package brings beans for what it knows.
 */
public interface Preflight {

    /** What is looked at, in a few words. */
    String subject();

    /** Takes a few seconds at most. Never throws because a backend is away. */
    Finding check(Workload workload);

    /**
     * Whether it is looked at before every raise of the percentage and at each start too; the others only when somebody asks
     * for a preflight, and before a rollout's first phase.
     */
    default boolean beforeEachRaise() {
        return true;
    }

    /** What was found. */
    sealed interface Finding {

        /** @param seen for a person, with what is not certain */
        record Pass(String seen) implements Finding {}

        /** @param whatToDo names the trouble and the way out */
        record Refused(String whatToDo) implements Finding {}

        /** @param why it could not be found out now */
        record Unknown(String why) implements Finding {}
    }
}
