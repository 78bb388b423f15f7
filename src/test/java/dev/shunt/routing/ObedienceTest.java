package dev.shunt.routing;

import static dev.shunt.routing.TestRouters.TRACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.core.Epoch;
import dev.shunt.core.Percentage;
import dev.shunt.core.Reason;
import dev.shunt.core.Route;
import dev.shunt.core.RouteDecision;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.ff4j.core.Feature;
import org.ff4j.core.FeatureStore;
import org.ff4j.store.AbstractFeatureStore;
import org.junit.jupiter.api.Test;

/** What an instance makes of the flag that it has read, and what it says about it. */
class ObedienceTest extends FlagSuite {

    @Test
    void every_instance_says_what_it_obeys() {
        Router other = routers.started("two");
        set(1_234);
        awaitPercentage(1_234);
        var epoch = router.snapshot(TRACE).epoch();
        List<InstanceState> instances = router.awaitObeyed(TRACE, epoch, Duration.ofSeconds(5));
        assertThat(instances).extracting(InstanceState::id).containsExactly("one", "two");
        assertThat(instances)
                .allMatch(i -> i.live() && i.obeys(epoch) && i.leaseEndsAt().isAfter(i.lastSeen()));
        other.stop();
        assertThat(router.instances(TRACE)).extracting(InstanceState::id).containsExactly("one");
    }

    @Test
    void an_instance_switched_off_stays_on_legacy_and_says_so() {
        Router off = routers.created("off", false);
        off.start();
        set(10_000);
        await().until(() -> off.snapshot(TRACE).percentage().equals(Percentage.ALL));
        RouteDecision decision = off.decide(TRACE, "p:1");
        assertThat(decision.decided()).isEqualTo(Route.TEMPORAL);
        assertThat(decision.executed()).isEqualTo(Route.LEGACY);
        assertThat(decision.reason()).isEqualTo(Reason.HELD);
        await().untilAsserted(() -> assertThat(router.instances(TRACE))
                .filteredOn(InstanceState::held)
                .extracting(InstanceState::id)
                .containsExactly("off"));
    }

    @Test
    void a_hold_ends_with_the_version_that_carries_the_rollback() {
        set(10_000);
        awaitPercentage(10_000);
        router.hold(TRACE, "order-1");
        assertThat(router.decide(TRACE, "p:1").reason()).isEqualTo(Reason.FENCED);
        var before = router.snapshot(TRACE).epoch();
        router.release(TRACE, "order-1", new Epoch(before.value() + 1));
        assertThat(router.decide(TRACE, "p:1").reason()).isEqualTo(Reason.FENCED);
        set(10_000);
        await().until(() -> router.decide(TRACE, "p:1").executed() == Route.TEMPORAL);
    }

    @Test
    void a_flag_that_changes_while_ff4j_is_asked_gives_one_snapshots_decision() {
        set(10_000);
        awaitPercentage(10_000);
        FeatureStore store = router.ff4j().getFeatureStore();
        // the change comes just before, then just after, FF4j has taken the feature that it will judge by
        for (boolean before : List.of(true, false)) {
            for (int changed : List.of(0, 10_000)) {
                router.ff4j().setFeatureStore(new Interrupted(store, before, () -> {
                    set(changed);
                    awaitPercentage(changed);
                }));
                RouteDecision decision = router.decide(TRACE, "p:1");
                assertThat(decision.executed()).isEqualTo(changed == 0 ? Route.LEGACY : Route.TEMPORAL);
                assertThat(decision.percentage().basisPoints()).isEqualTo(changed);
                assertThat(decision.epoch()).isEqualTo(router.snapshot(TRACE).epoch());
            }
        }
    }

    @Test
    void an_instance_that_cannot_say_what_it_obeys_does_not_believe_the_flag() {
        TestRouters brief = new TestRouters(TestRouters.database(database), Duration.ofSeconds(2));
        try (brief) {
            Router mute = brief.started("mute");
            set(10_000);
            await().until(() -> mute.decide(TRACE, "p:1").executed() == Route.TEMPORAL);
            sql.sql("""
                    create function refuse() returns trigger language plpgsql as $$ begin raise 'refused'; end $$;
                    create trigger refuse before insert or update on flag_acknowledgement
                        for each row when (new.instance = 'mute') execute function refuse()
                    """).update();

            await().until(() -> mute.decide(TRACE, "p:1").reason() == Reason.LEASE);
            assertThat(mute.snapshot(TRACE).percentage())
                    .as("it can read the flag")
                    .isEqualTo(Percentage.ALL);
            set(9_999);
            await().until(() -> mute.snapshot(TRACE).percentage().basisPoints() == 9_999);
            assertThat(mute.trustsFlag()).isFalse();

            sql.sql("drop trigger refuse on flag_acknowledgement").update();
            await().until(mute::trustsFlag);
        }
    }

    /** Lets something happen once, before or after the first read of a feature. */
    private static final class Interrupted extends AbstractFeatureStore {

        private final FeatureStore store;
        private final boolean before;
        private final AtomicReference<Runnable> once;

        Interrupted(FeatureStore store, boolean before, Runnable what) {
            this.store = store;
            this.before = before;
            this.once = new AtomicReference<>(what);
        }

        @Override
        public Feature read(String feature) {
            Runnable what = once.getAndSet(() -> {});
            if (before) {
                what.run();
            }
            Feature read = store.read(feature);
            if (!before) {
                what.run();
            }
            return read;
        }

        @Override
        public boolean exist(String feature) {
            return store.exist(feature);
        }

        @Override
        public void enable(String feature) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void disable(String feature) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void create(Feature feature) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void update(Feature feature) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void delete(String feature) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Map<String, Feature> readAll() {
            return store.readAll();
        }

        @Override
        public void clear() {
            throw new UnsupportedOperationException();
        }
    }
}
