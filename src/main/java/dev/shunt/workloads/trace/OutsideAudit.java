package dev.shunt.workloads.trace;

import dev.shunt.core.Divergence;
import dev.shunt.core.ItemKey;
import dev.shunt.core.ResultAudit.Accepted;
import dev.shunt.core.Route;
import dev.shunt.store.ExternalLedger;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Verifies what a worker outside Shunt stored in tables of its own. See {@link dev.shunt.core.ResultAudit}. */
interface OutsideAudit {

    /** Without access to those tables nothing of them is verified, here or again. */
    OutsideAudit NONE = new OutsideAudit() {};

    default List<Divergence> verify(List<Accepted> done) {
        return List.of();
    }

    default List<Divergence> unaccounted(Instant from, Instant until) {
        return List.of();
    }

    default List<Divergence> verifySummaries(LocalDate day) {
        return List.of();
    }

    default Set<LocalDate> summaryDays(Collection<ItemKey> done) {
        return Set.of();
    }

    default Optional<String> stored(String project, String subject) {
        return Optional.empty();
    }

    /** Of these items, those whose ledger row says that a worker outside stored them. */
    static Set<ItemKey> storedOutside(Connection connection, List<Accepted> done) throws SQLException {
        Object[] legacy = done.stream()
                .filter(item -> item.executed() == Route.LEGACY)
                .map(item -> item.key().value())
                .toArray();
        Set<ItemKey> found = new HashSet<>();
        if (legacy.length > 0) {
            ExternalDatabase.rows(
                    connection,
                    "select item_key from ledger where workload = ? and item_key = any(?::text[]) and delivery_id like ?",
                    row -> found.add(new ItemKey(row.getString(1))),
                    TraceWorkload.TRACE.name(),
                    legacy,
                    ExternalLedger.DELIVERY + "%");
        }
        return found;
    }
}
