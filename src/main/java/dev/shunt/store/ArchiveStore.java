package dev.shunt.store;

import dev.shunt.core.DeadLetterArchive;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Reason;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;

/** The dead-letter table as people read and move it on; every change of state is conditional on the state before. */
@Component
final class ArchiveStore implements DeadLetterArchive {

    /** Longer than any replay takes from its claim to its acceptance. */
    private static final String UNTOUCHED = "clock_timestamp() - interval '10 seconds'";

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;

    ArchiveStore(JdbcClient jdbc, TransactionOperations transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    @Override
    public List<Letter> list(Filter filter) {
        return ask(
                "listing dead letters",
                () -> jdbc.sql("select " + ArchiveRow.COLUMNS + """
                        from dead_letter d
                        where id > :after
                          and (cast(:workload as text) is null or workload = :workload)
                          and (cast(:state as text) is null or state = :state)
                          and (cast(:reason as text) is null or starts_with(reason, :reason))
                        order by id limit :limit
                        """)
                        .param("after", filter.after())
                        .param(
                                "workload",
                                filter.workload() == null
                                        ? null
                                        : filter.workload().name())
                        .param(
                                "state",
                                filter.state() == null ? null : filter.state().name())
                        .param("reason", filter.reason())
                        .param("limit", filter.limit())
                        .query(ArchiveRow::letter)
                        .list());
    }

    @Override
    public Optional<Content> find(long id) {
        return ask("reading dead letter " + id, () -> {
            List<Action> actions = jdbc.sql(
                            "select at, action, actor, why from dead_letter_action where letter_id = ? order by id")
                    .param(id)
                    .query(ArchiveRow::action)
                    .list();
            return jdbc.sql(ArchiveRow.CONTENT + " where d.id = :id")
                    .param("id", id)
                    .query((row, n) -> ArchiveRow.content(row, actions))
                    .optional();
        });
    }

    /** The ledger turns OPEN in the same transaction: who asks what is settled must not see half of a replay. */
    @Override
    public boolean claimForReplay(long id, ItemKey key, String by) {
        return change("claiming dead letter " + id, () -> {
            if (discardedAsCopy(id, key)) {
                note(id, "DISCARD", by, "the same message is kept as " + key);
                return false;
            }
            boolean claimed =
                    jdbc.sql("""
                            update dead_letter set state = 'REPLAYED', replays = replays + 1, stored_at = null,
                                looked_at = clock_timestamp(), item_key = coalesce(item_key, :key)
                            where id = :id and state = 'DEAD'
                            """).param("id", id).param("key", key.value()).update() == 1;
            if (claimed) {
                turnLedger(id, "DEAD", "OPEN");
                markReplayed(id);
                note(id, "REPLAY", by, "");
            }
            return claimed;
        });
    }

    private boolean discardedAsCopy(long id, ItemKey key) {
        return jdbc.sql("""
                        update dead_letter d set state = 'DISCARDED'
                        where d.id = :id and d.state = 'DEAD' and d.item_key is null and exists (
                            select from dead_letter o where o.workload = d.workload and o.raw_sha256 = d.raw_sha256
                                and o.item_key = :key)
                        """).param("id", id).param("key", key.value()).update() == 1;
    }

    @Override
    public void stillDead(long id, String reason) {
        change("returning dead letter " + id, () -> {
            int returned = jdbc.sql("""
                            update dead_letter set state = 'DEAD', reason = :reason, attempts = attempts + 1,
                                died_at = clock_timestamp()
                            where id = :id and state in ('DEAD', 'REPLAYED')
                            """)
                    .param("id", id)
                    .param("reason", reason.replace('\0', '\uFFFD'))
                    .update();
            if (returned == 1) {
                turnLedger(id, "OPEN", "DEAD");
            }
            return true;
        });
    }

    @Override
    public boolean discard(long id, String by, String why) {
        return change("discarding dead letter " + id, () -> {
            boolean discarded = jdbc.sql("update dead_letter set state = 'DISCARDED' where id = ? and state = 'DEAD'")
                            .param(id)
                            .update()
                    == 1;
            if (discarded) {
                note(id, "DISCARD", by, why);
            }
            return discarded;
        });
    }

    @Override
    public List<Content> stranded(int limit) {
        return change("looking for unfinished replays", () -> {
            List<Long> ids = jdbc.sql("update dead_letter set looked_at = clock_timestamp() where id in ("
                            + "select id from dead_letter where state = 'REPLAYED' and stored_at is null"
                            + " and looked_at < " + UNTOUCHED
                            + " order by looked_at limit :limit for update skip locked) returning id")
                    .param("limit", limit)
                    .query(Long.class)
                    .list();
            return ids.isEmpty()
                    ? List.<Content>of()
                    : jdbc.sql(ArchiveRow.CONTENT + " where d.id in (:ids) order by d.id")
                            .param("ids", ids)
                            .query((row, n) -> ArchiveRow.content(row, List.of()))
                            .list();
        });
    }

    @Override
    public boolean confirmStored(long id) {
        return ask(
                "confirming the replay of dead letter " + id,
                () -> jdbc.sql("""
                        update dead_letter d set stored_at = clock_timestamp()
                        where id = ? and state = 'REPLAYED' and exists (
                            select from ledger l where l.workload = d.workload and l.item_key = d.item_key
                                and l.state in ('DONE', 'PENDING'))
                        """).param(id).update() == 1);
    }

    /** Every row of the item: it may have died on several days. */
    private void turnLedger(long id, String from, String to) {
        jdbc.sql("""
                update ledger l set state = :to, changed_at = clock_timestamp() from dead_letter d
                where d.id = :id and l.workload = d.workload and l.item_key = d.item_key and l.state = :from
                """).param("id", id).param("from", from).param("to", to).update();
    }

    /** At once: as an item that the flag decided it would be open, and late, since its first life, and might die twice. */
    private void markReplayed(long id) {
        jdbc.sql("""
                update ledger l set reason = :replay from dead_letter d
                where d.id = :id and l.workload = d.workload and l.item_key = d.item_key and l.state = 'OPEN'
                  and l.reason <> :pinned
                """)
                .param("id", id)
                .param("replay", Reason.REPLAY.name())
                .param("pinned", Reason.PINNED.name())
                .update();
    }

    private void note(long id, String action, String by, String why) {
        jdbc.sql("insert into dead_letter_action (letter_id, action, actor, why) values (?, ?, ?, ?)")
                .params(id, action, by, why)
                .update();
    }

    private <T> T change(String doing, Supplier<T> work) {
        return ask(doing, () -> transaction.execute(status -> work.get()));
    }

    private static <T> T ask(String doing, Supplier<T> work) {
        try {
            return work.get();
        } catch (DataAccessException | TransactionException fault) {
            throw PostgresFaults.toThrow(doing, fault);
        }
    }
}
