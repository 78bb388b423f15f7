package dev.shunt.comparison;

import dev.shunt.core.Divergence;
import dev.shunt.core.Divergence.Kind;
import dev.shunt.core.InFlight;
import dev.shunt.core.InFlight.Entry;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Seldom;
import dev.shunt.core.SettledItems;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.store.Divergences;
import dev.shunt.store.LedgerChecks;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Nothing accepted is lost: every accepted key is done, in flight or dead. A key that is in none of them at two looks far
 * enough apart is missing. Works on sets of keys; counters could cancel each other out.
 */
final class Conservation {

    private static final Logger log = LoggerFactory.getLogger(Conservation.class);
    private static final int KEYS_LOGGED = 20;

    private final Workload workload;
    private final InFlight inFlight;
    private final Whereabouts whereabouts;
    private final Divergences divergences;
    private final ComparisonSettings settings;
    private final Clock clock;
    private final Counter failures;

    private final Counter restarts;

    private final Map<ItemKey, Instant> suspectedSince = new HashMap<>();
    private final Seldom failing = new Seldom();
    private @Nullable String redisRun;
    private @Nullable Instant redisRestartedAt;
    private volatile Look last = new Look(null, Map.of(), Set.of(), null, Set.of(), null);
    private volatile int unreadable;

    /**
     * What the last look found.
     *
     * @param at null before the first
     * @param missing accepted items that are nowhere
     * @param forgotten those of them that the ledger has as OPEN and the book has not: Redis lost its tail
     * @param redisRestartedAt when this instance noticed last that Redis had been started anew; null if never
     * @param notKnown items in the hands of a worker outside that cannot be asked: neither missing nor not
     * @param whyNotKnown null if none is
     */
    record Look(
            @Nullable Instant at,
            Map<ItemKey, Entry> missing,
            Set<ItemKey> forgotten,
            @Nullable Instant redisRestartedAt,
            Set<ItemKey> notKnown,
            @Nullable String whyNotKnown) {}

    Conservation(
            Workload workload,
            InFlight inFlight,
            SettledItems settledItems,
            LedgerChecks ledger,
            Divergences divergences,
            ComparisonSettings settings,
            Clock clock,
            MeterRegistry meters) {
        this(
                workload,
                inFlight,
                new Whereabouts(workload, inFlight, settledItems, ledger),
                divergences,
                settings,
                clock,
                meters);
    }

    Conservation(
            Workload workload,
            InFlight inFlight,
            Whereabouts whereabouts,
            Divergences divergences,
            ComparisonSettings settings,
            Clock clock,
            MeterRegistry meters) {
        this.workload = workload;
        this.inFlight = inFlight;
        this.whereabouts = whereabouts;
        this.divergences = divergences;
        this.settings = settings;
        this.clock = clock;
        this.failures = Counter.builder("shunt.conservation.failures")
                .description("Looks that could not be finished; while they happen, no missing key means: not known")
                .tag("workload", workload.name())
                .register(meters);
        this.restarts = Counter.builder("shunt.redis.restarts")
                .description("How often Redis was found to have been started anew")
                .tag("workload", workload.name())
                .register(meters);
        Gauge.builder(
                        "shunt.redis.forgotten.keys",
                        this,
                        look -> look.last.forgotten().size())
                .description("Missing items that the ledger has as OPEN and Redis's book has not")
                .tag("workload", workload.name())
                .register(meters);
        Gauge.builder("shunt.book.unreadable", this, look -> look.unreadable)
                .description("Entries of the acceptance book that cannot be read, at most 100; they count as not there")
                .tag("workload", workload.name())
                .register(meters);
        Gauge.builder("shunt.conservation.age", this, Conservation::age)
                .description("Time since the last look for missing items was finished")
                .baseUnit("seconds")
                .tag("workload", workload.name())
                .register(meters);
        Gauge.builder("shunt.missing.keys", this, look -> look.last.missing().size())
                .description("Accepted items that are neither done, nor in flight, nor dead")
                .tag("workload", workload.name())
                .register(meters);
    }

    private double age() {
        Instant at = last.at();
        return at == null ? Double.NaN : Duration.between(at, clock.instant()).toMillis() / 1_000.0;
    }

    Look last() {
        return last;
    }

    long failures() {
        return (long) failures.count();
    }

    /**
     * One look. Never throws: a look that fails is counted and does not count as a look.
     *
     * @return whether it came to its end
     */
    synchronized boolean look() {
        try {
            Instant now = clock.instant();
            noticeRestart(now);
            Whereabouts.Look look = whereabouts.look(now.minus(settings.missingAfter()));
            Map<ItemKey, Entry> suspects = look.nowhere();
            suspectedSince.keySet().retainAll(suspects.keySet());
            Map<ItemKey, Entry> missing = new TreeMap<>();
            suspects.forEach((key, entry) -> {
                Instant since = suspectedSince.computeIfAbsent(key, unseen -> now);
                if (!since.plus(settings.missingAfter()).isAfter(now)) {
                    missing.put(key, entry);
                }
            });
            Set<ItemKey> lost = new HashSet<>(missing.keySet());
            lost.retainAll(look.unbooked());
            report(missing, lost);
            Set<String> odd = inFlight.unreadable(workload);
            unreadable = odd.size();
            divergences.record(
                    workload, odd.stream().map(Conservation::unreadable).toList());
            sayNotKnown(look);
            last = new Look(
                    now,
                    Map.copyOf(missing),
                    Set.copyOf(lost),
                    redisRestartedAt,
                    Set.copyOf(look.notKnown().keySet()),
                    look.whyNotKnown());
            return true;
        } catch (UnavailableException away) {
            failures.increment();
            failing.log(more -> log.warn(
                    "Could not look for missing items of {} ({} more times before): {}; tried again every {}",
                    workload,
                    more,
                    away.getMessage(),
                    settings.interval()));
        } catch (RuntimeException failure) {
            failures.increment();
            failing.log(more -> log.warn(
                    "Could not look for missing items of {} ({} more times before); tried again in {}",
                    workload,
                    more,
                    settings.interval(),
                    failure));
        }
        return false;
    }

    private void noticeRestart(Instant now) {
        String run = inFlight.serverRun().orElse(redisRun);
        if (redisRun != null && !redisRun.equals(run)) {
            restarts.increment();
            redisRestartedAt = now;
            log.warn(
                    "Redis was started anew (run {} became {}). What it had not written may be lost; items of {} that"
                            + " the ledger has as OPEN are compared with its book",
                    redisRun,
                    run,
                    workload);
        }
        redisRun = run;
    }

    private void sayNotKnown(Whereabouts.Look look) {
        boolean known = look.notKnown().isEmpty();
        if (known && !last.notKnown().isEmpty()) {
            log.info("It is known again where all items of {} are", workload);
        } else if (!known && last.notKnown().isEmpty()) {
            log.warn(
                    "Whether {} item(s) of {} are stored is not known: {}. They are not called missing meanwhile",
                    look.notKnown().size(),
                    workload,
                    look.whyNotKnown());
        }
    }

    private void report(Map<ItemKey, Entry> missing, Set<ItemKey> lost) {
        if (missing.isEmpty()) {
            if (!last.missing().isEmpty()) {
                log.info("No item of {} is missing any more", workload);
            }
            return;
        }
        Set<ItemKey> fresh = new HashSet<>(missing.keySet());
        fresh.removeAll(last.missing().keySet());
        if (!fresh.isEmpty()) {
            log.error(
                    "{} accepted item(s) of {} are neither done, nor in flight, nor dead: {}. They are recorded as "
                            + "MISSING and looked for again in {}",
                    fresh.size(),
                    workload,
                    fresh.stream().sorted().limit(KEYS_LOGGED).toList(),
                    settings.interval());
        }
        if (!lost.isEmpty() && fresh.stream().anyMatch(lost::contains)) {
            log.error(
                    "Redis lost its tail: {} item(s) of {} that the ledger has as OPEN are not in its book. {}",
                    lost.size(),
                    workload,
                    redisRestartedAt == null
                            ? "No restart of Redis was seen by this instance"
                            : "Redis was started anew, noticed at " + redisRestartedAt);
        }
        List<Divergence> found =
                missing.values().stream().map(Conservation::divergence).toList();
        divergences.record(workload, found);
    }

    private static Divergence unreadable(String field) {
        return new Divergence(
                Divergence.FoundBy.CONSERVATION,
                Kind.EXTRA,
                "book[" + field + "]",
                null,
                "an entry that cannot be read",
                null,
                null,
                null,
                null,
                null);
    }

    private static Divergence divergence(Entry entry) {
        return new Divergence(
                Divergence.FoundBy.CONSERVATION,
                Kind.MISSING,
                "item",
                "accepted at " + entry.acceptedAt(),
                null,
                entry.key(),
                entry.route(),
                entry.epoch(),
                null,
                null);
    }
}
