package dev.shunt.embedded;

import java.util.Optional;

/** A Temporal server for trying Shunt out. */
interface TemporalBackend extends Backend {

    /** {@code host:port} of its frontend. */
    String address();

    /** Whether it forgets everything when it stops, and must not be given more than a demo's worth of work. */
    boolean inMemory();

    /** Where a person can look at workflows, if anywhere. */
    Optional<String> ui();
}
