package dev.shunt.comparison;

import dev.shunt.comparison.ItemReport.Line;
import dev.shunt.core.InFlight.Entry;
import dev.shunt.core.RouteDecision;
import dev.shunt.store.ItemRecords.Dead;
import dev.shunt.store.LedgerRow;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes the line of one item from each of its sources. */
final class ItemLines {

    private ItemLines() {}

    static Line of(LedgerRow row, Optional<Dead> dead) {
        RouteDecision decision = row.decision();
        return new Line(
                row.key().value(),
                "LEDGER",
                row.state().name(),
                row.executed(),
                decision.decided(),
                decision.bucket().value(),
                decision.percentage().percent(),
                decision.epoch().value(),
                decision.explanation(),
                row.wayIn(),
                row.acceptedAt(),
                row.committedAt(),
                latency(row.acceptedAt(), row.committedAt()),
                row.duplicates(),
                row.replays(),
                row.workflowId(),
                row.runId(),
                dead.map(Dead::reason).orElse(null),
                dead.map(Dead::attempts).orElse(null),
                dead.map(Dead::diedAt).orElse(null),
                row.checkedAt());
    }

    static Line of(Entry entry, Optional<Dead> dead) {
        return new Line(
                entry.key().value(),
                "BOOK",
                dead.map(Dead::state).orElse("OPEN"),
                entry.route(),
                null,
                null,
                null,
                entry.epoch().value(),
                "accepted at epoch " + entry.epoch() + "; not stored yet",
                null,
                entry.acceptedAt(),
                null,
                null,
                null,
                null,
                null,
                null,
                dead.map(Dead::reason).orElse(null),
                dead.map(Dead::attempts).orElse(null),
                dead.map(Dead::diedAt).orElse(null),
                null);
    }

    static Line of(Dead dead) {
        return new Line(
                dead.key().value(),
                "DEAD_LETTER",
                dead.state(),
                dead.route(),
                null,
                null,
                null,
                null,
                "given up: " + dead.reason(),
                null,
                dead.acceptedAt(),
                null,
                null,
                null,
                null,
                null,
                null,
                dead.reason(),
                dead.attempts(),
                dead.diedAt(),
                null);
    }

    private static @Nullable Double latency(Instant accepted, @Nullable Instant committed) {
        return committed == null ? null : ChronoUnit.MICROS.between(accepted, committed) / 1_000.0;
    }
}
