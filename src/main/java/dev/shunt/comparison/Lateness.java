package dev.shunt.comparison;

import dev.shunt.core.Divergence;
import dev.shunt.core.Divergence.FoundBy;
import dev.shunt.core.Divergence.Kind;
import dev.shunt.core.Reason;
import dev.shunt.store.LedgerRow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** Finds items that were stored much later than they were accepted. */
final class Lateness {

    private Lateness() {}

    /**
     * One LATE divergence, at the path {@code item}, for each item whose commit came more than {@code limit} after its
     * acceptance. Replayed dead letters keep the acceptance of their first life and are left out.
     */
    static List<Divergence> of(List<LedgerRow> rows, Duration limit) {
        return rows.stream().flatMap(row -> of(row, limit)).toList();
    }

    private static Stream<Divergence> of(LedgerRow row, Duration limit) {
        Instant committed = row.committedAt();
        if (committed == null
                || row.decision().reason() == Reason.REPLAY
                || !committed.isAfter(row.acceptedAt().plus(limit))) {
            return Stream.of();
        }
        return Stream.of(new Divergence(
                FoundBy.RECONCILIATION,
                Kind.LATE,
                "item",
                "accepted at " + row.acceptedAt(),
                "committed at " + committed + ", " + Duration.between(row.acceptedAt(), committed) + " later",
                row.key(),
                row.executed(),
                row.decision().epoch(),
                null,
                null));
    }
}
