package dev.shunt.store;

import dev.shunt.core.ItemKey;
import dev.shunt.core.SettledItems;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Answers from ledger and dead letters which items are done. */
@Component
@EnableConfigurationProperties(RetentionSettings.class)
final class SettledStore implements SettledItems {

    private final JdbcClient jdbc;
    private final Duration memory;

    SettledStore(JdbcClient jdbc, RetentionSettings settings) {
        this.jdbc = jdbc;
        this.memory = settings.retention();
    }

    @Override
    public Duration memory() {
        return memory;
    }

    // The letter's own acceptance is no other clock's than the item's; a letter of who had no stamp has only its death.
    @Override
    public Set<ItemKey> settled(Workload workload, Map<ItemKey, Instant> acceptedAt) {
        if (acceptedAt.isEmpty()) {
            return Set.of();
        }
        List<Map.Entry<ItemKey, Instant>> lives = List.copyOf(acceptedAt.entrySet());
        String[] values = lives.stream().map(life -> life.getKey().value()).toArray(String[]::new);
        String[] times = lives.stream().map(life -> timestamp(life.getValue())).toArray(String[]::new);
        try {
            return new HashSet<>(jdbc.sql("""
                    select item_key from ledger
                    where workload = :workload and item_key = any(:keys) and state = 'DONE'
                    union
                    select d.item_key from dead_letter d
                    join unnest(:keys, cast(:times as timestamptz[])) as life(item_key, accepted_at)
                        on life.item_key = d.item_key
                    where d.workload = :workload and d.item_key = any(:keys) and d.state <> 'REPLAYED'
                        and coalesce(d.accepted_at, d.died_at) >= life.accepted_at
                    """)
                    .param("workload", workload.name())
                    .param("keys", values)
                    .param("times", times)
                    .query((row, n) -> new ItemKey(row.getString(1)))
                    .list());
        } catch (DataAccessException away) {
            throw new UnavailableException(
                    "Postgres did not say which of " + values.length + " items are settled",
                    Duration.ofSeconds(1),
                    away);
        }
    }

    private static String timestamp(Instant time) {
        return time.equals(Instant.MAX) ? "infinity" : SqlArrays.timestamp(time);
    }
}
