package dev.shunt.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.core.Divergence.Kind;
import dev.shunt.core.ForwardedItems;
import dev.shunt.core.ForwardedSample;
import dev.shunt.core.Item;
import dev.shunt.legacy.TestForwarded;
import dev.shunt.store.TestDeadLetters;
import dev.shunt.workloads.trace.TestTraces;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When an item in the hands of a worker outside counts as lost, and what then becomes of it. */
class LostOutsideTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private final ComparisonRig rig = new ComparisonRig();
    private final Item item = TestTraces.item("outside", rig.start);

    /** The worker's list in the rig's Redis. */
    private TestForwarded redis = redis((workload, key, bytes) -> true);

    @AfterEach
    void close() {
        redis.close();
        rig.close();
    }

    @Test
    void what_is_nowhere_for_the_time_is_missing_and_a_dead_letter_with_its_message() {
        handedOver();
        redis.takeOne();
        LostOutside lost = lost(HOUR);

        looks(lost, HOUR.minusSeconds(1));
        assertThat(letters()).isEmpty();
        assertThat(items().open(ComparisonRig.TRACE)).isOne();
        rig.clock.advance(Duration.ofSeconds(1));
        lost.look(Set.of(item.key()));

        assertThat(letters()).singleElement().asString().contains(item.key().value(), LostOutside.LOST);
        assertThat(rig.sql
                        .sql("select raw from dead_letter")
                        .query(byte[].class)
                        .single())
                .isEqualTo(item.message());
        assertThat(rig.sql.sql("select state from ledger").query(String.class).single())
                .isEqualTo("DEAD");
        assertThat(rig.list()).extracting(DivergenceLog.Entry::kind).containsExactly(Kind.MISSING);
        assertThat(items().open(ComparisonRig.TRACE)).isZero();
        assertThat(redis.inFlight(true).find(ComparisonRig.TRACE, item.key())).isEmpty();
    }

    @Test
    void what_waits_in_the_workers_list_is_not_lost_however_long_and_its_time_begins_when_it_is_taken() {
        handedOver();
        LostOutside lost = lost(HOUR);

        looks(lost, HOUR.multipliedBy(5));
        redis.takeOne();
        looks(lost, HOUR.minusSeconds(1));
        assertThat(letters()).isEmpty();

        rig.clock.advance(Duration.ofSeconds(1));
        lost.look(Set.of(item.key()));
        assertThat(letters()).hasSize(1);
    }

    @Test
    void what_was_seen_in_between_or_by_nobody_for_a_while_begins_anew() {
        handedOver();
        redis.takeOne();
        LostOutside lost = lost(HOUR);

        looks(lost, HOUR.minusSeconds(1));
        lost.look(Set.of()); // it had results, of which some went again
        looks(lost, HOUR.minusSeconds(1));
        lost.beginAnew();
        looks(lost, HOUR.minusSeconds(1));

        assertThat(letters()).isEmpty();
    }

    @Test
    void without_its_message_the_letter_says_so_and_at_0_nothing_is_ever_lost() {
        redis.close();
        redis = redis(ForwardedSample.NONE);
        handedOver();
        redis.takeOne();

        looks(lost(Duration.ZERO), HOUR.multipliedBy(100));
        assertThat(letters()).isEmpty();
        looks(lost(HOUR), HOUR);

        assertThat(letters()).singleElement().asString().contains("its message was not kept");
        assertThat(TestDeadLetters.archive(rig.database).find(letterId()))
                .hasValueSatisfying(letter -> assertThat(letter.raw()).isEmpty());
    }

    private void handedOver() {
        redis.inFlight(true).acceptOnLegacy(item, TestTraces.onLegacy(item));
    }

    /** Now and after a while. */
    private void looks(LostOutside lost, Duration apart) {
        lost.look(Set.of(item.key()));
        rig.clock.advance(apart);
        lost.look(Set.of(item.key()));
    }

    private LostOutside lost(Duration after) {
        return new LostOutside(
                ComparisonRig.TRACE, items(), TestDeadLetters.table(rig.database), rig.divergences, after, rig.clock);
    }

    private ForwardedItems items() {
        return redis.items(true);
    }

    private TestForwarded redis(ForwardedSample kept) {
        return new TestForwarded(rig.redisUrl, ComparisonRig.CATALOG, ComparisonRig.TRACE, TestTraces.codec(), kept);
    }

    private List<String> letters() {
        return rig.sql
                .sql("select item_key || ' ' || reason from dead_letter where state = 'DEAD'")
                .query(String.class)
                .list();
    }

    private long letterId() {
        return rig.sql.sql("select id from dead_letter").query(Long.class).single();
    }
}
