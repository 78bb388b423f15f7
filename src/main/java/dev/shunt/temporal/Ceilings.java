package dev.shunt.temporal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What this instance may start: per second, at the same time, and (in-memory server) in its whole life. */
final class Ceilings {

    /** A workflow that closed on another instance is never reported here; its place is free again after this time. */
    private static final Duration FORGOTTEN = Duration.ofMinutes(10);

    private static final Duration TIDY = Duration.ofSeconds(10);

    private final int perSecond;
    private final int inFlight;
    private final long total;
    private final Clock clock;
    private final Map<String, Instant> open = new ConcurrentHashMap<>();
    private final AtomicLong started = new AtomicLong();
    private Instant tidied = Instant.EPOCH;
    private long second;
    private int startsInSecond;

    Ceilings(TemporalSettings settings, Clock clock) {
        this.perSecond = settings.startsPerSecond();
        this.inFlight = settings.ceilingInFlight();
        this.total = settings.ceilingStarts();
        this.clock = clock;
    }

    /** A place for one start; empty above a ceiling. A start that does not happen gives it back. */
    synchronized Optional<Permit> enter(String workflowId) {
        Instant now = clock.instant();
        tidy(now);
        if (exhausted() || fullSecond(now) || fullHouse(workflowId)) {
            return Optional.empty();
        }
        startsInSecond++;
        boolean taken = open.putIfAbsent(workflowId, now) == null;
        return Optional.of(new Permit(this, workflowId, taken));
    }

    void started() {
        started.incrementAndGet();
    }

    void closed(String workflowId) {
        open.remove(workflowId);
    }

    boolean exhausted() {
        return total > 0 && started.get() >= total;
    }

    long starts() {
        return started.get();
    }

    int openNow() {
        return open.size();
    }

    private boolean fullSecond(Instant now) {
        if (perSecond == 0) {
            return false;
        }
        if (now.getEpochSecond() != second) {
            second = now.getEpochSecond();
            startsInSecond = 0;
        }
        return startsInSecond >= perSecond;
    }

    private boolean fullHouse(String workflowId) {
        return inFlight > 0 && open.size() >= inFlight && !open.containsKey(workflowId);
    }

    /** Also without a ceiling: with several instances most of what is started here closes elsewhere. */
    private void tidy(Instant now) {
        if (tidied.plus(TIDY).isAfter(now) && !now.isBefore(tidied)) {
            return;
        }
        tidied = now;
        open.values().removeIf(since -> since.isBefore(now.minus(FORGOTTEN)));
    }

    /** @param taken false if the same workflow had its place already, which then stays */
    record Permit(Ceilings from, String workflowId, boolean taken) {
        void giveBack() {
            if (taken) {
                from.closed(workflowId);
            }
        }
    }
}
