package dev.shunt.core;

/**
 * Something that must hold before items may be sent to Temporal, looked at when Shunt starts and before a percentage is
 * raised above 0.
 */
public interface Preflight {

    /** What is looked at, in a few words. */
    String subject();

    /** Takes a few seconds at most. Never throws because a backend is away. */
    Finding check(Workload workload);

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
