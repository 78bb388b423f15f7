package dev.shunt.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.core.DeadLetters.DeadLetter;
import dev.shunt.core.Item;
import dev.shunt.core.Route;
import dev.shunt.core.Stamp;
import dev.shunt.embedded.TestBackends;
import dev.shunt.workloads.trace.TestTraces;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class SettledStoreTest {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    private final DataSource database = TestBackends.migratedDatabase();
    private final JdbcClient sql = JdbcClient.create(database);
    private final DeadLetterStore deadLetters =
            new DeadLetterStore(sql, new TransactionTemplate(new JdbcTransactionManager(database)), List.of());
    private final SettledStore settled = new SettledStore(sql, new RetentionSettings(Duration.ofDays(30)));
    private final Item item = TestTraces.item("buried", NOW);

    @Test
    void a_dead_letter_is_settled() {
        bury();

        assertThat(isSettled()).isTrue();
    }

    @Test
    void a_dead_letter_that_was_replayed_is_in_flight_until_it_is_stored_or_dies_again() {
        bury();
        sql.sql("update dead_letter set state = 'REPLAYED'").update();

        assertThat(isSettled())
                .as("who believed it would drop the replayed message unseen")
                .isFalse();

        bury();
        assertThat(isSettled()).isTrue();
    }

    @Test
    void a_dead_letter_that_was_discarded_stays_settled() {
        bury();
        sql.sql("update dead_letter set state = 'DISCARDED'").update();

        assertThat(isSettled()).isTrue();
    }

    @Test
    void what_was_accepted_after_its_letter_died_is_not_settled_until_it_dies_too() {
        bury();
        Instant again = NOW.plusNanos(1_000);

        assertThat(isSettled(again)).as("of the letter that is dead").isFalse();
        sql.sql("update dead_letter set state = 'DISCARDED'").update();
        assertThat(isSettled(again)).as("of the letter that was discarded").isFalse();
        assertThat(isSettled(NOW)).isTrue();

        bury();
        buryAcceptedAt(again);
        assertThat(isSettled(again)).isTrue();
        assertThat(isSettled(NOW)).isTrue();
    }

    @Test
    void a_letter_that_never_had_a_stamp_settles_what_was_accepted_before_it_died() {
        bury();
        Instant again = NOW.plusSeconds(60);
        record(null, again.plusSeconds(1));

        assertThat(isSettled(again)).isTrue();
        assertThat(isSettled(again.plusSeconds(2))).isFalse();
    }

    @Test
    void a_death_that_is_written_twice_counts_once_and_one_of_a_life_before_changes_nothing() {
        Instant again = NOW.plusSeconds(60);
        bury();
        buryAcceptedAt(again);
        buryAcceptedAt(again);
        bury();

        assertThat(sql.sql("select attempts from dead_letter")
                        .query(Integer.class)
                        .single())
                .isEqualTo(2);
        assertThat(isSettled(again)).isTrue();
    }

    @Test
    void only_what_is_done_is_stored() {
        bury();

        assertThat(settled.stored(item.workload(), List.of(item.key()))).isEmpty();
        sql.sql("update ledger set state = 'DONE'").update();
        assertThat(settled.stored(item.workload(), List.of(item.key()))).containsExactly(item.key());
        assertThat(isSettled(NOW.plusSeconds(60)))
                .as("whoever stores it again changes nothing")
                .isTrue();
    }

    private boolean isSettled() {
        return isSettled(NOW);
    }

    private boolean isSettled(Instant acceptedAt) {
        return settled.isSettled(item.workload(), item.key(), acceptedAt);
    }

    private void bury() {
        buryAcceptedAt(NOW);
    }

    private void buryAcceptedAt(Instant accepted) {
        Stamp stamp = item.stamp(TestTraces.onLegacy(item));
        record(
                new Stamp(stamp.key(), stamp.decision(), stamp.wayIn(), accepted, stamp.evidence()),
                accepted.plusSeconds(1));
    }

    private void record(@Nullable Stamp stamp, Instant diedAt) {
        deadLetters.record(new DeadLetter(
                item.workload(), item.key(), item.message(), stamp, Route.LEGACY, "cannot be stored", 1, diedAt));
    }
}
