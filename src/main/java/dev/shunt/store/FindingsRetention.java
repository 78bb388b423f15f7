package dev.shunt.store;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets what was found about items that the ledger has forgotten: divergences not seen since, counts of shadow pairs,
 * the messages of dead letters that are decided about, and verdicts that no decision rests on. What people said
 * (judgements, rules, actions) and the letters themselves stay.
 */
final class FindingsRetention {

    private static final Logger log = LoggerFactory.getLogger(FindingsRetention.class);
    static final Duration LOOK = Duration.ofHours(1);
    private static final int ROWS_AT_ONCE = 10_000;

    /** Messages may be large. */
    private static final int LETTERS_AT_ONCE = 500;

    private static final String DIVERGENCES = """
            delete from divergence where id in (select id from divergence where last_seen < :limit limit :rows)
            """;

    private static final String SHADOW_MINUTES = """
            delete from shadow_minute where (workload, minute, primary_route, shadow_route, mode) in (
                select workload, minute, primary_route, shadow_route, mode from shadow_minute
                where minute < :limit limit :rows)
            """;

    /** A letter that died again while it was decided about is DEAD, and keeps its message. */
    private static final String MESSAGES = """
            update dead_letter set raw = ''
            where id in (
                select d.id from dead_letter d
                where d.raw <> '' and d.died_at < :limit
                    and (d.state = 'DISCARDED' or (d.state = 'REPLAYED' and d.stored_at < :limit))
                    and not exists (select from dead_letter_action a where a.letter_id = d.id and a.at >= :limit)
                limit :rows)
            and state in ('DISCARDED', 'REPLAYED')
            """;

    /** The newest of a rollout stays: it tells where the gates stand after a restart. */
    private static final String VERDICTS = """
            delete from gate_verdict where id in (
                select v.id from gate_verdict v
                where not v.decisive and v.at < :limit
                    and not exists (select from rollout_event e where e.verdict = v.id)
                    and exists (select from gate_verdict newer where newer.rollout = v.rollout and newer.at > v.at)
                limit :rows)
            and not decisive
            """;

    private final Reads reads;
    private final Duration retention;
    private final Clock clock;

    FindingsRetention(DataSource database, RetentionSettings settings, Clock clock) {
        this.reads = new Reads(database);
        this.retention = settings.retention();
        this.clock = clock;
    }

    /** @throws dev.shunt.core.UnavailableException if Postgres is away; what was forgotten by then stays so */
    void forget() {
        Instant oldest = clock.instant().minus(retention);
        forget("divergences", DIVERGENCES, oldest, ROWS_AT_ONCE);
        forget("minutes of shadow pairs", SHADOW_MINUTES, oldest, ROWS_AT_ONCE);
        forget("messages of dead letters", MESSAGES, oldest, LETTERS_AT_ONCE);
        forget("verdicts that no decision rests on", VERDICTS, oldest, ROWS_AT_ONCE);
    }

    private void forget(String what, String statement, Instant oldest, int rows) {
        long forgotten = 0;
        int some;
        do {
            some = reads.ask(
                    "forgetting " + what + " of before " + oldest,
                    jdbc -> jdbc.sql(statement)
                            .param("limit", Reads.utc(oldest))
                            .param("rows", rows)
                            .update());
            forgotten += some;
        } while (some == rows);
        if (forgotten > 0) {
            log.info("{} {} of before {} were forgotten", forgotten, what, oldest);
        }
    }
}
