package dev.shunt.store;

import dev.shunt.core.ItemKey;
import dev.shunt.core.SettledItems;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Answers from ledger and dead letters which items are done. */
@Component
final class SettledStore implements SettledItems {

    private final JdbcClient jdbc;

    SettledStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Set<ItemKey> settled(Workload workload, Collection<ItemKey> keys) {
        if (keys.isEmpty()) {
            return Set.of();
        }
        String[] values = keys.stream().map(ItemKey::value).toArray(String[]::new);
        try {
            return new HashSet<>(jdbc.sql("""
                    select item_key from ledger
                    where workload = :workload and item_key = any(:keys) and state = 'DONE'
                    union
                    select item_key from dead_letter
                    where workload = :workload and item_key = any(:keys) and state <> 'REPLAYED'
                    """)
                    .param("workload", workload.name())
                    .param("keys", values)
                    .query((row, n) -> new ItemKey(row.getString(1)))
                    .list());
        } catch (DataAccessException away) {
            throw new UnavailableException(
                    "Postgres did not say which of " + values.length + " items are settled",
                    Duration.ofSeconds(1),
                    away);
        }
    }
}
