package dev.shunt.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A store step that hangs past its timeout, because somebody else holds the trace's row; and those beside it. */
final class TemporalHang {

    private static final int BESIDE = 20;

    private TemporalHang() {}

    static List<String> run(App app) throws Exception {
        int seconds = Bench.size("hang", 12);
        long stored = StoredOnce.traces(app);
        var load = new TemporalLoad(app, "hang", BESIDE + 1);
        String held = "hang-0";
        long begun;
        try (Connection other = DriverManager.getConnection(
                        app.context.getEnvironment().getRequiredProperty("spring.datasource.url"));
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.executeUpdate("insert into trace (project_id, id, name, occurred_at, item_key) values ('bench', '"
                    + held + "', 'held', now(), 'held')");
            begun = System.nanoTime();
            load.all();
            LockSupport.parkNanos(seconds * 1_000_000_000L - (System.nanoTime() - begun));
            other.rollback();
        }
        double released = (System.nanoTime() - begun) / 1e9;
        load.awaitDone(120);
        double done = (System.nanoTime() - begun) / 1e9;
        List<String> faults = new ArrayList<>(StoredOnce.faults(app, Messages.SPANS, stored + BESIDE + 1));
        long rows = app.sql()
                .sql("select count(*) from ledger where subject = ?")
                .param(held)
                .query(Long.class)
                .single();
        long spans = app.sql()
                .sql("select count(*) from span where trace_id = ?")
                .param(held)
                .query(Long.class)
                .single();
        if (rows != 1 || spans != Messages.SPANS) {
            faults.add("the held trace has " + rows + " ledger rows and " + spans + " spans");
        }
        new Report(
                        "3d-temporal-hang",
                        "3d. Temporal route: a step that hangs past its timeout",
                        Servers.environmentWithRedis(),
                        "row held, s",
                        "all done after, s",
                        "ledger rows of the held trace",
                        "its spans",
                        "items beside it",
                        "lost or twice")
                .row(
                        Rounds.number(released),
                        Rounds.number(done),
                        Long.toString(rows),
                        Long.toString(spans),
                        Integer.toString(BESIDE),
                        Integer.toString(faults.size()))
                .note(
                        "Another transaction holds the trace's key, so the local activity gives up before its 5 s and the step"
                                + " goes on as an ordinary activity until the row is free.")
                .publish();
        return faults;
    }
}
