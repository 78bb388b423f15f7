package dev.shunt.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.core.DeadLetterArchive;
import dev.shunt.core.DeadLetters.DeadLetter;
import dev.shunt.core.Item;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Route;
import dev.shunt.core.Stamp;
import dev.shunt.core.UnavailableException;
import dev.shunt.embedded.TestBackends;
import dev.shunt.workloads.trace.TestTraces;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class DeadLetterStoreTest {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    private final DataSource database = TestBackends.migratedDatabase();
    private final JdbcClient sql = JdbcClient.create(database);
    private final TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(database));
    private final DeadLetterStore deadLetters = new DeadLetterStore(sql, transaction, List.of());

    @ParameterizedTest
    @ValueSource(strings = {"p:nul\0nul:0123456789abcdef", "tooLong"})
    void a_stamp_that_postgres_cannot_hold_does_not_keep_its_message_out_of_the_table(String text) {
        ItemKey key = new ItemKey(text.equals("tooLong") ? "p:" + incompressible() + ":0123456789abcdef" : text);
        Item item = TestTraces.item("forged", NOW);
        Stamp good = item.stamp(TestTraces.onLegacy(item));
        Stamp forged = new Stamp(key, good.decision(), good.wayIn(), NOW, good.evidence());

        deadLetters.record(
                new DeadLetter(item.workload(), key, item.message(), forged, Route.LEGACY, "cannot be stored", 1, NOW));

        assertThat(sql.sql("select reason from dead_letter where raw = ? and item_key is null")
                        .param(item.message())
                        .query(String.class)
                        .single())
                .startsWith("cannot be stored");
    }

    @Test
    void the_same_bytes_that_die_as_two_items_are_two_letters() {
        Item item = TestTraces.item("twin", NOW);
        ItemKey pushedByHand = ItemKey.of("p", "twin", "fedcba9876543210");

        die(item.key(), item);
        die(pushedByHand, item);
        die(pushedByHand, item);

        assertThat(sql.sql("select item_key from dead_letter where raw = ? order by id")
                        .param(item.message())
                        .query(String.class)
                        .list())
                .containsExactly(item.key().value(), pushedByHand.value());
    }

    @Test
    void a_letter_without_key_whose_message_is_kept_under_its_key_too_is_not_replayed_beside_it() {
        Item item = TestTraces.item("twin", NOW);
        die(null, item);
        die(item.key(), item);
        long keyless = sql.sql("select id from dead_letter where item_key is null")
                .query(Long.class)
                .single();

        var archive = new ArchiveStore(sql, transaction);
        assertThat(archive.claimForReplay(keyless, item.key(), "ann")).isFalse();

        assertThat(archive.find(keyless))
                .hasValueSatisfying(
                        found -> assertThat(found.letter().state()).isEqualTo(DeadLetterArchive.State.DISCARDED));
        long kept = keyless + 1;
        assertThat(archive.claimForReplay(kept, item.key(), "ann")).isTrue();
    }

    /** An instance that the schema has outrun: the index that its statement names is gone. */
    @Test
    void a_table_of_another_version_refuses_the_letter_for_now_and_never_takes_it_without_its_key() {
        Item item = TestTraces.item("outrun", NOW);
        sql.sql("drop index dead_letter_message").update();

        assertThatThrownBy(() -> die(item.key(), item)).isInstanceOf(UnavailableException.class);

        assertThat(sql.sql("select count(*) from dead_letter").query(Long.class).single())
                .isZero();
    }

    private void die(@Nullable ItemKey key, Item item) {
        deadLetters.record(
                new DeadLetter(item.workload(), key, item.message(), null, Route.LEGACY, "cannot be stored", 1, NOW));
    }

    private static String incompressible() {
        return new java.util.SplittableRandom(7)
                .ints(9_000, 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
