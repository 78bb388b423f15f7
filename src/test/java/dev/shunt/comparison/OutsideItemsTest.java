package dev.shunt.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.core.ExternalResults;
import dev.shunt.core.Item;
import dev.shunt.core.ItemKey;
import dev.shunt.core.ResultAudit.Accepted;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.legacy.TestForwarded;
import dev.shunt.store.TestDeadLetters;
import dev.shunt.store.TestSettled;
import dev.shunt.workloads.trace.TestTraces;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is said of items that a worker outside has, while it can be asked and while it cannot. */
class OutsideItemsTest {

    private final ComparisonRig rig = new ComparisonRig();
    private final TestForwarded redis =
            new TestForwarded(rig.redisUrl, ComparisonRig.CATALOG, ComparisonRig.TRACE, TestTraces.codec());
    private final Tables tables = new Tables();
    private final Item item = TestTraces.item("outside", rig.start);

    /** The tables of the worker outside. */
    private static final class Tables implements ExternalResults {

        private final Set<ItemKey> stored = new HashSet<>();
        private boolean away;

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
            if (away) {
                throw new UnavailableException("the tables are away", Duration.ofSeconds(1), null);
            }
            Map<ItemKey, Present> found = new HashMap<>();
            keys.stream().filter(stored::contains).forEach(key -> found.put(key, new Present(null)));
            return found;
        }

        @Override
        public List<ItemKey> complete(List<Accepted> items) {
            return List.of();
        }
    }

    @AfterEach
    void close() {
        redis.close();
        rig.close();
    }

    @Test
    void what_a_worker_lost_is_missing_only_if_its_tables_say_that_it_is_not_there() {
        Conservation conservation = handedOver(true);

        tables.away = true;
        look(conservation);
        assertThat(conservation.last().missing()).isEmpty();
        assertThat(conservation.last().notKnown()).containsExactly(item.key());
        assertThat(conservation.last().whyNotKnown()).isEqualTo("the tables are away");

        tables.away = false;
        tables.stored.add(item.key());
        look(conservation);
        assertThat(conservation.last().missing()).isEmpty();
        assertThat(conservation.last().notKnown()).isEmpty();

        tables.stored.clear();
        look(conservation);
        assertThat(conservation.last().missing()).containsOnlyKeys(item.key());
        assertThat(rig.list())
                .singleElement()
                .satisfies(
                        found -> assertThat(found.item()).isEqualTo(item.key().value()));
    }

    @Test
    void what_was_left_with_a_worker_that_is_not_configured_any_more_is_said_and_not_called_missing() {
        handedOver(true);
        Conservation conservation = conservation(false);
        look(conservation);

        assertThat(conservation.last().missing()).isEmpty();
        assertThat(conservation.last().notKnown()).containsExactly(item.key());
        OutsideStatus status = statuses(conservation, false).of(ComparisonRig.TRACE);
        assertThat(status.outside()).isFalse();
        assertThat(status.open()).isEqualTo(1);
        assertThat(status.notKnown()).containsExactly(item.key().value());
        assertThat(status.problem())
                .isEqualTo("1 item was handed to a worker outside and nobody settles them, because"
                        + " shunt.legacy.consumer is internal; set it to external again until none is open");

        redis.items(true).settle(ComparisonRig.TRACE, List.of(item.key()));
        look(conservation);
        OutsideStatus after = statuses(conservation, false).of(ComparisonRig.TRACE);
        assertThat(after.problem()).isNull();
        assertThat(after.open()).isZero();
    }

    private Conservation handedOver(boolean outside) {
        redis.inFlight(true).acceptOnLegacy(item, TestTraces.onLegacy(item));
        redis.takeOne();
        return conservation(outside);
    }

    /** Twice, so far apart that what is nowhere counts as missing. */
    private void look(Conservation conservation) {
        conservation.look();
        rig.clock.advance(Duration.ofSeconds(10));
        conservation.look();
    }

    private Conservation conservation(boolean outside) {
        return new Conservation(
                ComparisonRig.TRACE,
                redis.inFlight(outside),
                new Whereabouts(
                        ComparisonRig.TRACE,
                        redis.inFlight(outside),
                        TestSettled.in(rig.database),
                        rig.ledger,
                        items(outside)),
                rig.divergences,
                ComparisonRig.SETTINGS,
                rig.clock,
                rig.meters);
    }

    private OutsideItems items(boolean outside) {
        return new OutsideItems(redis.items(outside), () -> Stream.of(tables));
    }

    private OutsideStatuses statuses(Conservation conservation, boolean outside) {
        return new OutsideStatuses(
                Set.of(ComparisonRig.TRACE),
                items(outside),
                rig.watches(conservation),
                TestDeadLetters.archive(rig.database));
    }
}
