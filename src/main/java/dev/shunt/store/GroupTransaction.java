package dev.shunt.store;

import dev.shunt.core.Divergence;
import dev.shunt.core.ItemHandler.Outcome;
import dev.shunt.core.ItemKey;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import io.micrometer.core.instrument.Counter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes groups on one connection: effects, conflicts and ledger rows in one transaction. A group that fails for its
 * data is halved until the bad item stands alone; one that fails for the database fails whole and may be written again.
 *
 * @param <T> the workload's decoded form
 */
final class GroupTransaction<T> {

    private static final Logger log = LoggerFactory.getLogger(GroupTransaction.class);
    private static final int CONTENTION_TRIES = 5;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final LaneConnection lane;
    private final GroupStatement<T> statement;
    private final Counter contentions;

    GroupTransaction(LaneConnection lane, GroupStatement<T> statement, Counter contentions) {
        this.lane = lane;
        this.statement = statement;
        this.contentions = contentions;
    }

    /** One outcome for each work, in order, all committed. */
    List<Outcome> write(List<Work<T>> group) {
        Map<ItemKey, Work<T>> first = new LinkedHashMap<>();
        List<Work<T>> repeated = new ArrayList<>();
        for (Work<T> work : group) {
            if (first.putIfAbsent(work.delivery().key(), work) != null) {
                repeated.add(work);
            }
        }
        Map<Work<T>, Outcome> outcomes = new IdentityHashMap<>();
        isolate(List.copyOf(first.values()), outcomes);
        if (!repeated.isEmpty()) {
            List<Outcome> rest =
                    write(repeated); // the same key twice in one group: the second copy comes after the first
            for (int i = 0; i < repeated.size(); i++) {
                outcomes.put(repeated.get(i), rest.get(i));
            }
        }
        return group.stream().map(outcomes::get).toList();
    }

    private void isolate(List<Work<T>> group, Map<Work<T>, Outcome> outcomes) {
        try {
            commit(group, outcomes);
        } catch (SQLException fault) {
            if (SqlFault.of(fault) != SqlFault.PERMANENT) {
                throw unavailable(fault);
            }
            if (group.size() == 1) {
                Work<T> bad = group.getFirst();
                log.warn(
                        "{} can never be stored and becomes a dead letter: {}",
                        bad.delivery().key(),
                        fault.getMessage());
                outcomes.put(bad, new Outcome.Rejected(reason(fault)));
                return;
            }
            int half = group.size() / 2;
            isolate(group.subList(0, half), outcomes);
            isolate(group.subList(half, group.size()), outcomes);
        }
    }

    private void commit(List<Work<T>> group, Map<Work<T>, Outcome> outcomes) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                Connection connection = lane.get();
                List<Effect> effects = statement.apply(connection, group);
                recordConflicts(connection, group, effects);
                Map<ItemKey, LedgerWriter.Entry> entries = LedgerWriter.write(connection, group, effects);
                connection.commit();
                for (int i = 0; i < group.size(); i++) {
                    Work<T> work = group.get(i);
                    LedgerWriter.Entry entry =
                            Objects.requireNonNull(entries.get(work.delivery().key()));
                    outcomes.put(work, outcome(entry, effects.get(i)));
                }
                return;
            } catch (SQLException fault) {
                endAfter(fault);
                if (SqlFault.of(fault) != SqlFault.CONTENTION || attempt == CONTENTION_TRIES) {
                    throw fault;
                }
                contentions.increment();
            } catch (RuntimeException fault) {
                lane.rollback();
                throw fault;
            }
        }
    }

    private void endAfter(SQLException fault) {
        if (SqlFault.of(fault) == SqlFault.TRANSIENT) {
            lane.close();
        } else {
            lane.rollback();
        }
    }

    private void recordConflicts(Connection connection, List<Work<T>> group, List<Effect> effects) throws SQLException {
        Workload workload = group.getFirst().delivery().workload();
        List<Divergence> conflicts =
                effects.stream().flatMap(effect -> effect.conflicts().stream()).toList();
        if (!conflicts.isEmpty()) {
            DivergenceWriter.write(connection, workload, conflicts);
        }
    }

    private static Outcome outcome(LedgerWriter.Entry entry, Effect effect) {
        return switch (entry) {
            case WRITTEN -> new Outcome.Stored(effect.pending());
            case DUPLICATE -> new Outcome.Duplicate();
            case REPLAY -> new Outcome.Replayed();
        };
    }

    private static String reason(SQLException fault) {
        String message = fault.getMessage() == null ? "" : fault.getMessage().replaceAll("\\s+", " ");
        return "cannot be stored (" + fault.getSQLState() + "): "
                + message.substring(0, Math.min(300, message.length()));
    }

    private static UnavailableException unavailable(SQLException fault) {
        return new UnavailableException(
                "Postgres did not take a group (" + fault.getSQLState() + "): " + fault.getMessage(),
                RETRY_AFTER,
                fault);
    }
}
