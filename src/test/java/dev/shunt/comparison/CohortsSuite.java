package dev.shunt.comparison;

import dev.shunt.comparison.ComparisonReport.Way;
import dev.shunt.core.Workload;
import dev.shunt.embedded.TestBackends;
import dev.shunt.store.CohortMinute;
import dev.shunt.store.CohortReads;
import dev.shunt.store.CohortReads.Moment;
import dev.shunt.store.CohortSums;
import dev.shunt.store.CohortSums.Pass;
import dev.shunt.store.LedgerReports.Died;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** A ledger over some hours, its sums, and what is read of them. */
abstract class CohortsSuite {

    static final Workload TRACE = new Workload("trace");
    static final Instant DAY = Instant.parse("2026-11-20T21:30:00Z");
    static final Instant END = DAY.plus(Duration.ofHours(5));

    final DataSource database = TestBackends.migratedDatabase();
    final JdbcClient sql = JdbcClient.create(one(database));
    final CohortSums sums = new CohortSums(database, Latencies.PACKING);
    final CohortReads reads = new CohortReads(database, Latencies.PACKING);

    /** Many small statements: a connection for each would take longer than all of them. */
    private static DataSource one(DataSource database) {
        try {
            return new SingleConnectionDataSource(database.getConnection(), true);
        } catch (SQLException away) {
            throw new IllegalStateException(away);
        }
    }

    void updateAll() {
        Pass pass;
        do {
            pass = sums.update(TRACE);
        } while (pass == Pass.MORE);
    }

    /** Asks for minutes, or for hours where it can be. */
    interface Question {
        void ask(Moment moment, Workload workload, Instant from, Instant until, Consumer<CohortMinute> sink);
    }

    Map<String, Way> reported(Instant from, Instant until, Question question) {
        Map<String, CohortTally> tallies = new TreeMap<>();
        reads.atOneMoment(moment -> {
            question.ask(
                    moment,
                    TRACE,
                    from,
                    until,
                    minute -> tallies.computeIfAbsent(
                                    minute.decided() + "/" + minute.wayIn(), unseen -> new CohortTally())
                            .add(minute));
            for (Died died : moment.ledger().diedOtherwise(TRACE, from, until)) {
                tallies.computeIfAbsent(died.decided() + "/" + died.wayIn(), unseen -> new CohortTally())
                        .add(died);
            }
            return true;
        });
        Map<String, Way> ways = new TreeMap<>();
        tallies.forEach((cohort, tally) -> ways.put(cohort, tally.way()));
        return ways;
    }
}
