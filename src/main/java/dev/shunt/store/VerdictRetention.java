package dev.shunt.store;

import dev.shunt.core.InRoles;
import dev.shunt.core.Role;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Forgets verdicts of long ago that no decision rests on. The newest of a rollout stays: it tells where the gates stand after
 * a restart. Those that a decision rests on stay as long as the audit trail, which names them.
 */
@InRoles(Role.CONTROLLER)
@Component
final class VerdictRetention implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(VerdictRetention.class);
    private static final Duration LOOK = Duration.ofHours(1);

    private final Reads reads;
    private final Duration retention;
    private final Clock clock;
    private final PeriodicTask task;

    VerdictRetention(DataSource database, RetentionSettings settings, Clock clock) {
        this.reads = new Reads(database);
        this.retention = settings.retention();
        this.clock = clock;
        this.task = new PeriodicTask("shunt-verdict-retention", LOOK, this::forget);
    }

    /** @throws dev.shunt.core.UnavailableException if Postgres is away; the next look tries again */
    void forget() {
        Instant oldest = clock.instant().minus(retention);
        int forgotten = reads.ask(
                "forgetting verdicts of before " + oldest,
                jdbc -> jdbc.sql("""
                        delete from gate_verdict v where not v.decisive and v.at < ?
                            and not exists (select from rollout_event e where e.verdict = v.id)
                            and exists (select from gate_verdict newer
                                where newer.rollout = v.rollout and newer.at > v.at)
                        """).param(Reads.utc(oldest)).update());
        if (forgotten > 0) {
            log.info("{} verdicts of before {} that no decision rests on were forgotten", forgotten, oldest);
        }
    }

    @Override
    public void start() {
        task.start();
    }

    @Override
    public void stop() {
        task.stop();
    }

    @Override
    public boolean isRunning() {
        return task.isRunning();
    }
}
