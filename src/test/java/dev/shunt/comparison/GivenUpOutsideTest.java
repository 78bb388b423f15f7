package dev.shunt.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.core.ExternalResults;
import dev.shunt.core.Item;
import dev.shunt.core.ItemKey;
import dev.shunt.core.ResultAudit.Accepted;
import dev.shunt.core.Workload;
import dev.shunt.legacy.TestForwarded;
import dev.shunt.store.TestDeadLetters;
import dev.shunt.workloads.trace.TestTraces;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The dead-letter list of a worker outside, from which nobody takes what was sent again. */
class GivenUpOutsideTest {

    /** Between two walks of the whole list. */
    private static final Duration WALK = Duration.ofSeconds(1);

    private final ComparisonRig rig = new ComparisonRig();
    private final TestForwarded redis =
            new TestForwarded(rig.redisUrl, ComparisonRig.CATALOG, ComparisonRig.TRACE, TestTraces.codec());
    private final Tables tables = new Tables();
    private final Item item = TestTraces.item("given-up", rig.start);
    private final TestExternalWatch watch = watch();

    @AfterEach
    void close() {
        redis.close();
        rig.close();
    }

    @Test
    void what_is_pushed_there_is_a_dead_letter_at_the_next_look_of_any_instance() {
        watch.look();
        givenUp();
        watch().look();

        assertThat(states()).containsExactly("DEAD");
        assertThat(open()).isZero();
    }

    @Test
    void a_copy_of_the_life_before_does_not_bury_the_one_that_the_worker_has_in_hand() {
        watch.look();
        givenUp();
        watch.look();
        rig.clock.advance(Duration.ofMinutes(1));
        accept();
        redis.takeOne();

        watch.look();
        watch().look();
        assertThat(open()).isOne();
        assertThat(attempts()).isOne();

        tables.stored.add(item.key());
        watch.look();
        assertThat(open()).isZero();
        assertThat(states()).containsExactly("DONE");
    }

    @Test
    void what_a_walk_finds_there_and_the_next_one_too_is_dead() {
        givenUp(); // while nobody looked

        watch.look();
        assertThat(open()).isOne();
        rig.clock.advance(WALK);
        watch.look();

        assertThat(open()).isZero();
        assertThat(states()).containsExactly("DEAD");
    }

    @Test
    void a_second_life_that_is_given_up_too_dies_too() {
        watch.look();
        givenUp();
        watch.look();
        rig.clock.advance(Duration.ofMinutes(1));
        redis.giveUp("another message".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        watch.look();
        givenUp();
        watch.look();

        assertThat(open()).isZero();
        assertThat(attempts()).isEqualTo(2);
    }

    private void givenUp() {
        accept();
        redis.takeOne();
        redis.giveUp(item.message());
    }

    private void accept() {
        var life = new Item(
                item.workload(),
                item.key(),
                item.routingKey(),
                item.message(),
                item.wayIn(),
                rig.clock.instant(),
                item.evidence());
        redis.inFlight(true).acceptOnLegacy(life, TestTraces.onLegacy(life));
    }

    private TestExternalWatch watch() {
        return new TestExternalWatch(
                redis.items(true), tables, TestDeadLetters.table(rig.database), rig.database, rig.clock);
    }

    private long open() {
        return redis.items(true).open(ComparisonRig.TRACE);
    }

    private List<String> states() {
        return rig.sql.sql("select state from ledger").query(String.class).list();
    }

    private int attempts() {
        return rig.sql
                .sql("select attempts from dead_letter")
                .query(Integer.class)
                .single();
    }

    /** The tables of the worker outside. */
    private static final class Tables implements ExternalResults {

        private final Set<ItemKey> stored = new HashSet<>();

        @Override
        public Workload workload() {
            return ComparisonRig.TRACE;
        }

        @Override
        public String evidence(byte[] message) {
            return "";
        }

        @Override
        public Map<ItemKey, Present> present(Collection<ItemKey> keys) {
            return keys.stream()
                    .filter(stored::contains)
                    .collect(Collectors.toMap(key -> key, key -> new Present(null)));
        }

        @Override
        public List<ItemKey> complete(List<Accepted> items) {
            return items.stream().map(Accepted::key).toList();
        }
    }
}
