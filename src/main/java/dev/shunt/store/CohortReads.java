package dev.shunt.store;

import dev.shunt.core.Workload;
import dev.shunt.store.CohortMinute.Packing;
import dev.shunt.store.CohortSql.Part;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Reads cohorts as the ledger is at one moment, from the sums as far as they are the ledger's, else from its rows. */
public final class CohortReads {

    private final DataSource database;
    private final Packing packing;

    public CohortReads(DataSource database, Packing packing) {
        this.database = database;
        this.packing = packing;
    }

    /**
     * Asks several questions about one and the same moment.
     *
     * @throws dev.shunt.core.UnavailableException if Postgres is away or too slow
     */
    public <T> T atOneMoment(Function<Moment, T> questions) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            try {
                return questions.apply(new Moment(connection, packing));
            } finally {
                connection.rollback();
                connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                connection.setAutoCommit(true);
            }
        } catch (SQLException fault) {
            throw PostgresFaults.toThrow("reading cohorts", fault);
        }
    }

    /** The database as it was when the first question was asked. */
    public static final class Moment {

        private final Connection connection;
        private final Packing packing;
        private final LedgerReports ledger;

        private Moment(Connection connection, Packing packing) {
            this.connection = connection;
            this.packing = packing;
            this.ledger = new LedgerReports(new SingleConnectionDataSource(connection, true));
        }

        public LedgerReports ledger() {
            return ledger;
        }

        /** Hands over the cohorts of the items accepted in {@code since <= t < before}, in the order of their minutes. */
        public void minutes(Workload workload, Instant since, Instant before, Consumer<CohortMinute> sink) {
            sums(workload, since, before, false, sink);
        }

        /** The same, but by hours wherever one is in the window as a whole and nothing in it has changed just now. */
        public void hours(Workload workload, Instant since, Instant before, Consumer<CohortMinute> sink) {
            sums(workload, since, before, true, sink);
        }

        private void sums(
                Workload workload, Instant since, Instant before, boolean byHours, Consumer<CohortMinute> sink) {
            try {
                read(workload, since, before, byHours, sink);
            } catch (SQLException fault) {
                throw PostgresFaults.toThrow("reading cohorts of " + workload, fault);
            }
        }

        private void read(
                Workload workload, Instant since, Instant before, boolean byHours, Consumer<CohortMinute> sink)
                throws SQLException {
            Optional<CohortMark> mark = CohortMark.read(connection, workload);
            if (mark.isEmpty()) {
                CohortSql.fromLedger(connection, workload, List.of(new Part(since, before)), packing, sink);
                return;
            }
            SortedSet<Instant> changed = mark.get().changed(connection, workload);
            List<CohortMinute> fresh = new ArrayList<>();
            List<Part> parts = mark.get().fromLedger(changed, since, before);
            CohortSql.fromLedger(connection, workload, parts, packing, fresh::add);
            Deque<CohortMinute> waiting = new ArrayDeque<>(fresh);
            Instant first = mark.get().firstFull(since);
            Instant end = before.truncatedTo(ChronoUnit.MINUTES);
            SortedSet<Instant> hours =
                    byHours ? CohortHours.in(connection, workload, first, end, changed) : new TreeSet<>();
            CohortSql.kept(connection, workload, hours, CohortHours.rest(first, end, hours), changed, minute -> {
                while (!waiting.isEmpty() && waiting.getFirst().minute().isBefore(minute.minute())) {
                    sink.accept(waiting.removeFirst());
                }
                sink.accept(minute);
            });
            waiting.forEach(sink);
        }
    }
}
