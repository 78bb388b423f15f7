package dev.shunt.cli;

import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** What the demo is played on: a service of its own, or one that runs already. */
interface DemoService {

    Duration START_WITHIN = Duration.ofMinutes(3);

    /** Its door and its control API. */
    Shunt shunt();

    /** In whose name everything is sent; nobody else's rows carry it. */
    String project();

    /** Comes up, or says in a {@link DemoFailure} why the demo cannot be played on it. */
    void start() throws IOException, InterruptedException;

    /** Kills it and starts it anew on the same data. */
    void restart() throws IOException, InterruptedException;

    /** Where producers push; may change with a restart. */
    URI redis() throws IOException, InterruptedException;

    /** What it stores, as seen by plain SQL; the caller closes it. */
    Connection database() throws SQLException;

    /** Whether others may have used it before, so that only what is new counts. */
    boolean shared();
}
