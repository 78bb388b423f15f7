package dev.shunt.store;

import dev.shunt.core.BurialListener;
import dev.shunt.core.DeadLetters;
import dev.shunt.core.Sha256;
import dev.shunt.core.Stamp;
import dev.shunt.core.UnavailableException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;

/** The dead-letter table. An accepted item's ledger row turns DEAD in the same transaction. */
@Component
final class DeadLetterStore implements DeadLetters {

    private static final Logger log = LoggerFactory.getLogger(DeadLetterStore.class);

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final List<BurialListener> listeners;

    @Autowired
    DeadLetterStore(JdbcClient jdbc, TransactionOperations transaction, ObjectProvider<BurialListener> listeners) {
        this(jdbc, transaction, listeners.stream().toList());
    }

    DeadLetterStore(JdbcClient jdbc, TransactionOperations transaction, List<BurialListener> listeners) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.listeners = List.copyOf(listeners);
    }

    @Override
    public void record(DeadLetter letter) {
        try {
            if (write(letter)) {
                tell(letter);
            }
        } catch (DataAccessException | TransactionException fault) {
            if (letter.key() != null && isUnfit(fault)) {
                // Keeping it out would make its consumer try for ever: the bytes are what must not be lost.
                log.warn("The key of a dead letter of {} cannot be stored; it is kept without it", letter.workload());
                record(withoutKey(letter));
                return;
            }
            throw new UnavailableException(
                    "Postgres did not take the dead letter of " + letter.key() + "; it stays where it is",
                    Duration.ofSeconds(1),
                    fault);
        }
    }

    /** @return whether it was not among the dead before, or another life of it */
    private boolean write(DeadLetter letter) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            boolean fresh = insert(letter);
            if (letter.stamp() != null) {
                turnLedgerDead(letter, letter.stamp());
            }
            return fresh;
        }));
    }

    /** It is buried: whatever a listener does, the item may go from where it was. */
    private void tell(DeadLetter letter) {
        Stamp stamp = letter.stamp();
        if (stamp == null) {
            return;
        }
        for (BurialListener listener : listeners) {
            try {
                listener.buried(letter, stamp);
            } catch (RuntimeException fault) {
                log.error(
                        "A listener of dead letters failed; the letter of {} is kept all the same", stamp.key(), fault);
            }
        }
    }

    /** A key or a stamp that no door of Shunt ever wrote may be longer than an index allows, or hold what text may not. */
    private static DeadLetter withoutKey(DeadLetter letter) {
        return new DeadLetter(
                letter.workload(),
                null,
                letter.raw(),
                null,
                letter.route(),
                letter.reason() + " (its key cannot be stored either)",
                letter.attempts(),
                letter.diedAt());
    }

    private static boolean isUnfit(Exception fault) {
        return fault instanceof DataAccessException refused
                && refused.getMostSpecificCause() instanceof SQLException cause
                && SqlFault.of(cause) == SqlFault.PERMANENT;
    }

    /** What is dead already may have been accepted again since; its letter then tells of the last life, as do who ask it. */
    private boolean insert(DeadLetter letter) {
        Stamp stamp = letter.stamp();
        return jdbc.sql("""
                insert into dead_letter (workload, raw_sha256, item_key, raw, route, reason, attempts, way_in,
                    decided_route, epoch, accepted_at, died_at)
                values (:workload, :sha256, :key, :raw, :route, :reason, :attempts, :wayIn, :decided, :epoch,
                    :acceptedAt, :diedAt)
                on conflict (workload, raw_sha256, coalesce(item_key, '')) do update set
                    state = 'DEAD', raw = excluded.raw, reason = excluded.reason, died_at = excluded.died_at, route = excluded.route,
                    attempts = dead_letter.attempts + excluded.attempts, way_in = excluded.way_in,
                    decided_route = excluded.decided_route, epoch = excluded.epoch,
                    accepted_at = case when excluded.accepted_at is not null
                        then greatest(excluded.accepted_at, dead_letter.accepted_at) end
                where dead_letter.state <> 'DEAD' or dead_letter.item_key is not null
                    and coalesce(excluded.accepted_at, excluded.died_at)
                        > coalesce(dead_letter.accepted_at, dead_letter.died_at)
                """)
                        .param("workload", letter.workload().name())
                        .param("sha256", Sha256.hex(letter.raw()))
                        .param("key", letter.key() == null ? null : letter.key().value())
                        .param("raw", letter.raw())
                        .param("route", letter.route().name())
                        .param("reason", letter.reason().replace('\0', '\uFFFD'))
                        .param("attempts", letter.attempts())
                        .param("wayIn", stamp == null ? null : stamp.wayIn().name())
                        .param(
                                "decided",
                                stamp == null
                                        ? null
                                        : stamp.decision().decided().name())
                        .param(
                                "epoch",
                                stamp == null ? null : stamp.decision().epoch().value())
                        .param("acceptedAt", stamp == null ? null : utc(stamp.acceptedAt()))
                        .param("diedAt", utc(letter.diedAt()))
                        .update()
                > 0;
    }

    private void turnLedgerDead(DeadLetter letter, Stamp stamp) {
        jdbc.sql("""
                insert into ledger (accepted_on, workload, item_key, project_id, subject, state, way_in, decided_route,
                    executed_route, reason, bucket, basis_points, epoch, accepted_at, evidence)
                values (:acceptedOn, :workload, :key, :project, :subject, 'DEAD', :wayIn, :decided, :executed, :reason,
                    :bucket, :basisPoints, :epoch, :acceptedAt, :evidence)
                on conflict (accepted_on, workload, item_key) do update set state = 'DEAD', changed_at = clock_timestamp()
                where ledger.state = 'OPEN'
                """)
                .param("acceptedOn", utc(stamp.acceptedAt()).toLocalDate())
                .param("workload", letter.workload().name())
                .param("key", stamp.key().value())
                .param("project", stamp.key().project())
                .param("subject", stamp.key().subject())
                .param("wayIn", stamp.wayIn().name())
                .param("decided", stamp.decision().decided().name())
                .param("executed", letter.route().name())
                .param("reason", stamp.decision().reason().name())
                .param("bucket", stamp.decision().bucket().value())
                .param("basisPoints", stamp.decision().percentage().basisPoints())
                .param("epoch", stamp.decision().epoch().value())
                .param("acceptedAt", utc(stamp.acceptedAt()))
                .param("evidence", stamp.evidence())
                .update();
    }

    private static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}
