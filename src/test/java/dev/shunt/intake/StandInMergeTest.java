package dev.shunt.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.core.InFlight;
import dev.shunt.core.Item;
import dev.shunt.core.Reason;
import dev.shunt.core.RetiredWorkloads;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.StandIn;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.core.WorkloadDefinition;
import dev.shunt.core.WorkloadSettings;
import dev.shunt.embedded.TestBackends;
import dev.shunt.legacy.TestInFlight;
import dev.shunt.store.TestStandIn;
import dev.shunt.workloads.trace.TestTraces;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The two steps by which an item leaves Postgres for the legacy list, and what may come between them. */
class StandInMergeTest {

    private static final WorkloadCatalog CATALOG =
            new WorkloadCatalog(Map.of(TestTraces.TRACE, new WorkloadSettings("queue", "dead", "f", "trace", "t")));

    private final StandIn standIn = TestStandIn.in(TestBackends.migratedDatabase());
    private final TestInFlight redis =
            new TestInFlight(TestBackends.freshRedisUrl(), CATALOG, TestTraces.codec(), Clock.systemUTC());
    private final InFlight inFlight = redis.inFlight();
    private final Item one = TestTraces.item("one", Instant.parse("2026-11-21T12:00:00Z"));
    private final Item two = TestTraces.item("two", Instant.parse("2026-11-21T12:00:01Z"));

    @BeforeEach
    void keptWhileRedisWasAway() {
        for (Item item : List.of(one, two)) {
            standIn.keep(item, decision(item));
        }
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @Test
    void killed_between_push_and_delete_it_gives_again_and_the_book_keeps_the_list_as_it_is() {
        assertThatThrownBy(merge(inFlightThatDies(1, new Killed()))::merge).isInstanceOf(Killed.class);
        assertThat(inFlight.census(TestTraces.TRACE).waiting()).isEqualTo(1);
        assertThat(standIn.size(TestTraces.TRACE)).as("nothing is forgotten").isEqualTo(2);

        merge(inFlight).merge();

        assertThat(inFlight.census(TestTraces.TRACE).waiting()).isEqualTo(2);
        assertThat(standIn.size(TestTraces.TRACE)).isZero();
    }

    @Test
    void what_was_settled_between_push_and_delete_comes_once_more_for_the_store_to_find_done() {
        assertThatThrownBy(merge(inFlightThatDies(1, new Killed()))::merge).isInstanceOf(Killed.class);
        inFlight.settle(TestTraces.TRACE, List.of(one.key()));

        merge(inFlight).merge();

        assertThat(inFlight.census(TestTraces.TRACE).book()).containsOnlyKeys(one.key(), two.key());
        assertThat(standIn.size(TestTraces.TRACE)).isZero();
    }

    @Test
    void what_redis_does_not_take_any_more_stays() {
        merge(inFlightThatDies(2, new UnavailableException("gone again", Duration.ofSeconds(1), null)))
                .merge();

        assertThat(standIn.size(TestTraces.TRACE)).isEqualTo(1);
        merge(inFlight).merge();
        assertThat(inFlight.census(TestTraces.TRACE).waiting()).isEqualTo(2);
        assertThat(standIn.size(TestTraces.TRACE)).isZero();
    }

    private static RouteDecision decision(Item item) {
        return TestTraces.onLegacy(item).divertedToLegacy(Reason.STANDBY);
    }

    /** The true one, which fails right after its n-th push went through. */
    private InFlight inFlightThatDies(int atPush, Throwable how) {
        var pushes = new AtomicInteger();
        return (InFlight) Proxy.newProxyInstance(
                InFlight.class.getClassLoader(), new Class<?>[] {InFlight.class}, (self, method, arguments) -> {
                    Object answer;
                    try {
                        answer = method.invoke(inFlight, arguments);
                    } catch (InvocationTargetException fault) {
                        throw fault.getCause();
                    }
                    if (method.getName().equals("acceptOnLegacy") && pushes.incrementAndGet() == atPush) {
                        throw how;
                    }
                    return answer;
                });
    }

    private StandInMerge merge(InFlight into) {
        WorkloadDefinition trace = (WorkloadDefinition) Proxy.newProxyInstance(
                WorkloadDefinition.class.getClassLoader(),
                new Class<?>[] {WorkloadDefinition.class},
                (self, method, arguments) -> TestTraces.TRACE);
        return new StandInMerge(
                standIn, into, RetiredWorkloads.NONE, List.of(), List.of(trace), new SimpleMeterRegistry());
    }

    /** The process ends here. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }
}
