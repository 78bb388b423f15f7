package dev.shunt.store;

import dev.shunt.core.InFlight;
import dev.shunt.core.ItemKey;
import dev.shunt.core.RouteGateway;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes bodies whose item has been settled for the retention, and counts orphans: bodies whose item is neither settled
 * nor in flight. An orphan may be all that is left of an item that Redis has lost and whose workflow still runs, so it is
 * kept for the whole retention too, and as long as its workflow is open. Works on what ledger, book and Temporal say, never on
 * an error of theirs.
 */
final class ClaimKeeper {

    private static final Logger log = LoggerFactory.getLogger(ClaimKeeper.class);

    /** A body is written a moment before its item can settle, and after it was registered. */
    private static final Duration SETTLING = Duration.ofMinutes(1);

    private static final int PAGE = 500;

    private static final Set<String> OPEN = Set.of("RUNNING", "PAUSED", "CONTINUED_AS_NEW", "UNSPECIFIED");

    private static final String SETTLED = """
            (exists (select 1 from ledger l where l.workload = b.workload and l.item_key = b.item_key
                and l.state in ('DONE', 'DEAD') and coalesce(l.committed_at, l.accepted_at) < :limit)
            or exists (select 1 from dead_letter d where d.workload = b.workload and d.item_key = b.item_key
                and d.state = 'DEAD' and d.died_at < :limit))
            """;

    private final Reads reads;
    private final SoleRunner sole;
    private final InFlight inFlight;
    private final Optional<RouteGateway> temporal;
    private final ClaimSettings settings;
    private final Clock clock;
    private final MeterRegistry meters;
    private final AtomicLong orphans;

    /** @param temporal who knows whether a workflow runs; empty: nobody can be asked here, and orphans stay */
    ClaimKeeper(
            DataSource database,
            InFlight inFlight,
            Optional<RouteGateway> temporal,
            ClaimSettings settings,
            Clock clock,
            MeterRegistry meters) {
        this.reads = new Reads(database);
        this.sole = new SoleRunner(database);
        this.inFlight = inFlight;
        this.temporal = temporal;
        this.settings = settings;
        this.clock = clock;
        this.meters = meters;
        this.orphans = new AtomicLong();
        meters.gauge("shunt.claims.orphans", orphans);
        for (String why : List.of("settled", "orphaned")) {
            meters.counter("shunt.claims.purged", "why", why);
        }
    }

    private record Kept(Workload workload, ItemKey key, String sha256, Instant since) {}

    /** One pass, unless another instance is at it. */
    void look() {
        sole.run("claimed-bodies", this::pass);
    }

    private void pass() {
        boolean answers = true;
        Instant now = clock.instant();
        Instant limit = now.minus(settings.retention());
        purged("settled", purgeSettled(limit));
        long found = 0;
        long gone = 0;
        @Nullable Kept last = null;
        List<Kept> page;
        do {
            page = unsettled(now.minus(SETTLING), last);
            for (Kept body : page) {
                last = body;
                if (inFlight.find(body.workload(), body.key()).isPresent()) {
                    continue;
                }
                Use use = answers && body.since().isBefore(limit) ? use(body) : Use.UNKNOWN;
                answers &= use != Use.NOT_TO_BE_ASKED;
                if (use == Use.OPEN) {
                    renew(body);
                } else if (use == Use.NONE && delete(body, limit)) {
                    gone++;
                } else {
                    found++;
                }
            }
        } while (page.size() == PAGE);
        purged("orphaned", gone);
        if (found > orphans.getAndSet(found)) {
            log.warn(
                    "{} kept bodies belong to items that are neither settled nor in flight; each is purged {} after it was written, if no workflow needs it.",
                    found,
                    settings.retention());
        }
    }

    private enum Use {
        /** Its workflow runs: it reads the body now, or will. */
        OPEN,
        NONE,
        UNKNOWN,
        /** And nobody else's is in this pass: each question would wait as long. */
        NOT_TO_BE_ASKED
    }

    private Use use(Kept body) {
        if (temporal.isEmpty()) {
            return Use.NOT_TO_BE_ASKED;
        }
        try {
            return temporal.get()
                    .describe(body.workload(), body.key())
                    .filter(found -> OPEN.contains(found.status()))
                    .map(found -> Use.OPEN)
                    .orElse(Use.NONE);
        } catch (UnavailableException away) {
            log.debug("Bodies of unknown items stay: {}", away.getMessage());
            return Use.NOT_TO_BE_ASKED;
        }
    }

    private void renew(Kept body) {
        reads.ask(
                "keeping the body of an open workflow",
                jdbc -> jdbc.sql("""
                        update claimed_body set created_at = :now
                        where workload = :workload and item_key = :key and sha256 = :sha256
                        """)
                        .param("now", Reads.utc(clock.instant()))
                        .param("workload", body.workload().name())
                        .param("key", body.key().value())
                        .param("sha256", body.sha256())
                        .update());
    }

    private int purgeSettled(Instant limit) {
        return reads.ask(
                "purging claimed bodies",
                jdbc -> jdbc.sql("delete from claimed_body b where b.created_at < :limit and " + SETTLED)
                        .param("limit", Reads.utc(limit))
                        .update());
    }

    private List<Kept> unsettled(Instant limit, @Nullable Kept after) {
        return reads.ask(
                "looking for orphaned bodies",
                jdbc -> jdbc.sql("""
                        select b.workload, b.item_key, b.sha256, b.created_at from claimed_body b
                        where b.created_at < :limit and (b.workload, b.item_key, b.sha256) > (:workload, :key, :sha256)
                            and not exists (select 1 from ledger l where l.workload = b.workload
                                and l.item_key = b.item_key and l.state in ('DONE', 'DEAD'))
                            and not exists (select 1 from dead_letter d where d.workload = b.workload
                                and d.item_key = b.item_key and d.state = 'DEAD')
                        order by b.workload, b.item_key, b.sha256 limit :page
                        """)
                        .param("limit", Reads.utc(limit))
                        .param("workload", after == null ? "" : after.workload().name())
                        .param("key", after == null ? "" : after.key().value())
                        .param("sha256", after == null ? "" : after.sha256())
                        .param("page", PAGE)
                        .query((row, n) -> new Kept(
                                new Workload(row.getString(1)),
                                new ItemKey(row.getString(2)),
                                row.getString(3),
                                Reads.time(row, "created_at")))
                        .list());
    }

    private boolean delete(Kept body, Instant limit) {
        return reads.ask(
                        "purging an orphaned body",
                        jdbc -> jdbc.sql("""
                        delete from claimed_body
                        where workload = :workload and item_key = :key and sha256 = :sha256 and created_at < :limit
                        """)
                                .param("workload", body.workload().name())
                                .param("key", body.key().value())
                                .param("sha256", body.sha256())
                                .param("limit", Reads.utc(limit))
                                .update())
                > 0;
    }

    private void purged(String why, long bodies) {
        if (bodies > 0) {
            meters.counter("shunt.claims.purged", "why", why).increment((double) bodies);
            log.info("{} claimed bodies were purged: {}.", bodies, why);
        }
    }
}
