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
 * (judgements, rules, actions) and the letters themselves stay, and what the gates of a rollout count up to its end, and
 * divergences that nobody has decided about.
 */
final class FindingsRetention {

    private static final Logger log = LoggerFactory.getLogger(FindingsRetention.class);
    static final Duration LOOK = Duration.ofHours(1);
    private static final int ROWS_AT_ONCE = 10_000;

    /** Messages may be large. */
    private static final int LETTERS_AT_ONCE = 500;

    /** The rollout {@code r} that has not ended: its gates set all that was found since it began against all it verified. */
    private static final String UNENDED = "r.state not in ('ROLLED_BACK', 'COMPLETED')";

    /**
     * From group to group, by divergence_group_seen. A group that is said to be fixed and was seen again is undecided. A
     * divergence that is seen again while its row is waited for stays.
     */
    private static final String DIVERGENCES = """
            with latest as (
                select distinct on (workload, kind, path_pattern) workload, kind, path_pattern, state, judged_at
                from divergence_judgement order by workload, kind, path_pattern, id desc
            )
            delete from divergence where id in (
                select old.id from latest l
                left join rollout r on r.workload = l.workload and UNENDED
                cross join lateral (
                    select d.id from divergence d
                    where d.workload = l.workload and d.kind = l.kind and d.path_pattern = l.path_pattern
                        and d.last_seen < :limit
                        and coalesce(d.again_since, d.first_seen) < coalesce(r.started_at, 'infinity')
                    limit :rows) old
                where l.state = 'ACCEPTED' or l.state = 'FIXED' and not exists (
                    select from divergence d
                    where d.workload = l.workload and d.kind = l.kind and d.path_pattern = l.path_pattern
                        and d.last_seen > l.judged_at)
                limit :rows)
            and last_seen < :limit
            """.replace("UNENDED", UNENDED);

    /** From workload to workload, by the primary key. */
    private static final String SHADOW_MINUTES = """
            with recursive workloads as (
                select min(workload) as workload from shadow_minute
                union all
                select (select min(m.workload) from shadow_minute m where m.workload > w.workload) from workloads w
                where w.workload is not null
            )
            delete from shadow_minute where (workload, minute, primary_route, shadow_route, mode) in (
                select old.workload, old.minute, old.primary_route, old.shadow_route, old.mode from workloads w
                left join rollout r on r.workload = w.workload and UNENDED
                cross join lateral (
                    select * from shadow_minute m
                    where m.workload = w.workload and m.minute < least(:limit, date_trunc('minute', r.started_at))
                    limit :rows) old
                limit :rows)
            """.replace("UNENDED", UNENDED);

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

    /** @param database gives up a statement after a while: what is waited for too long is tried again an hour later */
    FindingsRetention(DataSource database, RetentionSettings settings, Clock clock) {
        this.reads = new Reads(database);
        this.retention = settings.retention();
        this.clock = clock;
    }

    /** Each kind by itself: one that fails is logged and tried again at the next look, and keeps none of the others. */
    void forget() {
        Instant oldest = clock.instant().minus(retention);
        forget("divergences", DIVERGENCES, oldest, ROWS_AT_ONCE);
        forget("minutes of shadow pairs", SHADOW_MINUTES, oldest, ROWS_AT_ONCE);
        forget("messages of dead letters", MESSAGES, oldest, LETTERS_AT_ONCE);
        forget("verdicts that no decision rests on", VERDICTS, oldest, ROWS_AT_ONCE);
    }

    private void forget(String what, String statement, Instant oldest, int rows) {
        long forgotten = 0;
        try {
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
        } catch (RuntimeException fault) {
            log.warn("{} are kept for now, it is tried again in {}: {}", what, LOOK, fault.toString());
        }
        if (forgotten > 0) {
            log.info("{} {} of before {} were forgotten", forgotten, what, oldest);
        }
    }
}
