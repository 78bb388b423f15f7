package dev.shunt.legacy;

import dev.shunt.core.DeadLetters;
import dev.shunt.core.DeadLetters.DeadLetter;
import dev.shunt.core.ItemMark;
import dev.shunt.core.Route;
import dev.shunt.core.Stamp;
import dev.shunt.core.Workload;
import dev.shunt.legacy.Taken.Dead;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes dead letters to their table, before anything is removed: whatever happens next, it can be repeated. */
final class Undertaker {

    private static final Logger log = LoggerFactory.getLogger(Undertaker.class);

    private final Workload workload;
    private final DeadLetters table;
    private final Patience patience;
    private final LegacyMetrics metrics;
    private final Clock clock;

    Undertaker(Workload workload, DeadLetters table, Patience patience, LegacyMetrics metrics, Clock clock) {
        this.workload = workload;
        this.table = table;
        this.patience = patience;
        this.metrics = metrics;
        this.clock = clock;
    }

    void record(Dead dead) {
        Stamp stamp = dead.stamp();
        if (stamp == null) {
            write(dead);
            return;
        }
        try (ItemMark mark = ItemMark.of(workload, stamp)) {
            write(dead);
        }
    }

    private void write(Dead dead) {
        var letter = new DeadLetter(
                workload,
                dead.key(),
                dead.message(),
                dead.stamp(),
                Route.LEGACY,
                dead.reason(),
                dead.attempts(),
                clock.instant());
        patience.until("recording a dead letter", () -> {
            table.record(letter);
            return true;
        });
        metrics.deadLetter();
        log.warn(
                "{} is a dead letter; the table tells the reason, and it can be replayed from there",
                dead.key() == null ? "A " + workload + " message without key" : dead.key());
    }
}
