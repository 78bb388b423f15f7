package dev.shunt.store;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long the ledger, what the comparator found and the verdicts of gates are remembered, {@code shunt.store.retention}.
 *
 * @param retention items accepted, and finished, this many full days ago are forgotten, 1 d..3650 d. What they stored is not
 *     touched. Of that age go too: divergences not seen since whose group is accepted or fixed, and counts of
 *     shadow pairs, both unless they were made in a rollout that has not ended; the message of a dead letter that was
 *     discarded, or replayed and stored, but not the letter; verdicts, unless a decision rests on them
 */
@ConfigurationProperties("shunt.store")
record RetentionSettings(@DefaultValue("30d") Duration retention) {

    RetentionSettings {
        if (retention.compareTo(Duration.ofDays(1)) < 0 || retention.compareTo(Duration.ofDays(3_650)) > 0) {
            throw new IllegalArgumentException("shunt.store.retention must be 1d..3650d, was " + retention);
        }
    }
}
