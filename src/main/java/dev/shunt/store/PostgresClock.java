package dev.shunt.store;

import dev.shunt.core.ClockSkew;
import dev.shunt.core.Preflight;
import dev.shunt.core.Workload;
import java.time.Clock;
import java.time.OffsetDateTime;
import javax.sql.DataSource;

/** Postgres's clock against this instance's. */
final class PostgresClock implements Preflight {

    private final Reads reads;
    private final Clock clock;

    PostgresClock(DataSource database, Clock clock) {
        this.reads = new Reads(database);
        this.clock = clock;
    }

    @Override
    public String subject() {
        return "clock of Postgres";
    }

    @Override
    public boolean beforeEachRaise() {
        return false;
    }

    @Override
    public Finding check(Workload workload) {
        return ClockSkew.of(
                "Postgres",
                clock,
                () -> reads.ask(
                        "asking for its time",
                        jdbc -> jdbc.sql("select clock_timestamp()")
                                .query(OffsetDateTime.class)
                                .single()
                                .toInstant()));
    }
}
