package dev.shunt.store;

import dev.shunt.core.Delivery;
import dev.shunt.core.Divergence;
import dev.shunt.core.ItemHandler.Outcome;
import dev.shunt.core.ItemKey;
import dev.shunt.core.ItemMark;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import io.micrometer.core.instrument.Counter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
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

    /** A work and its place in the caller's group. */
    private record Place<T>(int index, Work<T> work) {

        ItemKey key() {
            return work.delivery().key();
        }
    }

    /** One outcome for each work, in order, all committed. */
    List<Outcome> write(List<Work<T>> group) {
        Outcome[] outcomes = new Outcome[group.size()];
        List<Place<T>> left = new ArrayList<>(group.size());
        for (int i = 0; i < group.size(); i++) {
            left.add(new Place<>(i, group.get(i)));
        }
        while (!left.isEmpty()) { // once, unless a key is in the group twice: its second copy comes after its first
            Map<ItemKey, Place<T>> round = new LinkedHashMap<>();
            List<Place<T>> repeated = new ArrayList<>();
            for (Place<T> place : left) {
                if (round.putIfAbsent(place.key(), place) != null) {
                    repeated.add(place);
                }
            }
            isolate(List.copyOf(round.values()), outcomes);
            left = repeated;
        }
        return List.of(outcomes);
    }

    private void isolate(List<Place<T>> group, Outcome[] outcomes) {
        try {
            commit(group, outcomes);
        } catch (SQLException fault) {
            if (SqlFault.of(fault) != SqlFault.PERMANENT) {
                throw unavailable(fault);
            }
            if (group.size() == 1) {
                Place<T> bad = group.getFirst();
                Delivery delivery = bad.work().delivery();
                try (ItemMark mark = ItemMark.of(delivery.workload(), delivery.stamp())) {
                    log.warn("{} cannot be stored ({}) and is rejected", bad.key(), fault.getSQLState());
                }
                outcomes[bad.index()] = new Outcome.Rejected(reason(fault));
                return;
            }
            int half = group.size() / 2;
            isolate(group.subList(0, half), outcomes);
            isolate(group.subList(half, group.size()), outcomes);
        }
    }

    private void commit(List<Place<T>> group, Outcome[] outcomes) throws SQLException {
        List<Work<T>> works = group.stream().map(Place::work).toList();
        for (int attempt = 1; ; attempt++) {
            try {
                Connection connection = lane.get();
                List<Effect> effects = statement.apply(connection, works);
                recordConflicts(connection, works, effects);
                Map<ItemKey, LedgerWriter.Entry> entries = LedgerWriter.write(connection, works, effects);
                connection.commit();
                for (int i = 0; i < group.size(); i++) {
                    Place<T> place = group.get(i);
                    outcomes[place.index()] = outcome(Objects.requireNonNull(entries.get(place.key())), effects.get(i));
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
        PostgresRefusals.count(fault);
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
            var unused = DivergenceWriter.write(connection, workload, conflicts);
        }
    }

    private static Outcome outcome(LedgerWriter.Entry entry, Effect effect) {
        return switch (entry) {
            case WRITTEN -> new Outcome.Stored(effect.pending());
            case DUPLICATE -> new Outcome.Duplicate();
            case REPLAY -> new Outcome.Replayed();
        };
    }

    /** The server's own words without its detail lines, which would quote the payload. */
    private static String reason(SQLException fault) {
        ServerErrorMessage told = fault instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
        String words = told == null ? "see the server's log" : Objects.requireNonNullElse(told.getMessage(), "");
        return "cannot be stored (" + fault.getSQLState() + "): " + words;
    }

    /** The first line alone: those that follow may quote rows, and this is logged. */
    private static UnavailableException unavailable(SQLException fault) {
        String first = String.valueOf(fault.getMessage()).lines().findFirst().orElse("");
        return new UnavailableException(
                "Postgres did not take a group (" + fault.getSQLState() + "): " + first, RETRY_AFTER, fault);
    }
}
