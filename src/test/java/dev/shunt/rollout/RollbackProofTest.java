package dev.shunt.rollout;

import static dev.shunt.routing.TestRouters.TRACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shunt.contract.InMemoryInFlight;
import dev.shunt.core.Epoch;
import dev.shunt.core.InFlight.Registration;
import dev.shunt.core.Item;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Percentage;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.WayIn;
import dev.shunt.embedded.TestBackends;
import dev.shunt.rollout.RollbackProof.FlightState;
import dev.shunt.rollout.RollbackProof.Obedience;
import dev.shunt.rollout.RollbackProof.Standing;
import dev.shunt.routing.FlagDatabase;
import dev.shunt.routing.TestRouters;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A rollback is followed until nothing of it is left to do. */
class RollbackProofTest {

    private static final Actor ALICE = Actor.unverified("alice");

    @TempDir
    Path data;

    private final DataSource source = TestBackends.migratedDatabase();
    private final JdbcClient sql = JdbcClient.create(source);
    private final FlagDatabase database = TestRouters.database(source);
    private final TestRouters routers = new TestRouters(database, Duration.ofSeconds(2));
    private final InMemoryInFlight redis = new InMemoryInFlight();
    private TestControl one;
    private TestProofs followed;

    @BeforeEach
    void start() {
        one = new TestControl(routers, "one", database, redis, data).started();
        followed = new TestProofs(one, "one", redis, InFlightPolicy.FINISH).started();
    }

    @AfterEach
    void stop() {
        followed.close();
        one.close();
        routers.close();
    }

    @Test
    void it_names_who_obeys_since_when_and_is_complete_once_nothing_is_in_flight() {
        var two = routers.started("two");
        Epoch epoch = set(10_000);
        ItemKey item = register("p:t:0123456789abcdef", epoch);
        String id = one.control().rollback(TRACE, ALICE, "it hurts").id();

        await().untilAsserted(() -> assertThat(proof(id).obeyedAt()).isPresent());
        RollbackProof open = proof(id);
        assertThat(open.instances())
                .allSatisfy(each -> assertThat(each.acknowledgedAt()).isPresent())
                .extracting(Obedience::instance, Obedience::standing)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("one", Standing.OBEYS),
                        org.assertj.core.groups.Tuple.tuple("two", Standing.OBEYS));
        assertThat(open.completedAt()).isEmpty();
        assertThat(open.remaining()).hasValue(1);
        assertThat(open.states()).as("Temporal has not heard of it").isEqualTo(Map.of(FlightState.REGISTERED, 1L));
        assertThat(open.words()).isEqualTo("open: 1 items in flight on Temporal");

        for (var status : Map.of(
                        "RUNNING", FlightState.RUNNING,
                        "COMPLETED", FlightState.FINISHING,
                        "TERMINATED", FlightState.CLOSED,
                        "UNSPECIFIED", FlightState.UNKNOWN)
                .entrySet()) {
            followed.says(item, status.getKey());
            assertThat(proof(id).states()).as(status.getKey()).isEqualTo(Map.of(status.getValue(), 1L));
        }
        followed.says(item, "RUNNING");
        followed.settled(item);
        assertThat(proof(id).states())
                .as("its results are there, whatever its workflow does")
                .isEqualTo(Map.of(FlightState.FINISHING, 1L));

        redis.settle(TRACE, List.of(item));
        RollbackProof done = completed(id);
        assertThat(done.states()).isEmpty();
        assertThat(done.orderedBy()).isEqualTo("alice (unverified)");
        assertThat(done.atFirst()).hasValue(1);
        assertThat(done.words()).startsWith("complete at ").contains(", took ");
        assertThat(done.took()).hasValueSatisfying(took -> assertThat(took).isLessThan(Duration.ofSeconds(30)));
        assertThat(followed.meters().get("shunt.rollback.duration").timer().count())
                .isEqualTo(1);

        // another instance, later, reads the same words: they were written once
        var later = new TestProofs(one, "three", redis, InFlightPolicy.FINISH);
        later.follower().look();
        assertThat(later.proofs().find(TRACE, id).orElseThrow().words()).isEqualTo(done.words());
        assertThat(later.proofs().last(TRACE).orElseThrow().id()).isEqualTo(id);
        two.stop();
    }

    @Test
    void a_frozen_instance_is_named_until_its_lease_has_ended() {
        sql.sql("insert into flag_acknowledgement values ('frozen', 'trace', 1, false, 5000, clock_timestamp())")
                .update();
        String id = one.control().rollback(TRACE, ALICE, "it hurts").id();
        await().untilAsserted(() -> assertThat(proof(id).laggards()).containsExactly("frozen"));
        assertThat(proof(id).words()).isEqualTo("open: waiting for frozen");
        RollbackProof done = completed(id);
        assertThat(done.instances())
                .filteredOn(each -> each.instance().equals("frozen"))
                .singleElement()
                .satisfies(frozen -> {
                    assertThat(frozen.standing()).isEqualTo(Standing.LEASE_ENDED);
                    assertThat(frozen.acknowledgedAt()).isEmpty();
                    assertThat(done.completedAt().orElseThrow())
                            .isAfterOrEqualTo(frozen.leaseEndsAt().orElseThrow());
                });
    }

    @Test
    void a_flag_set_to_0_by_sql_gets_its_fence_and_its_proof() {
        Epoch before = set(10_000);
        register("p:t:0123456789abcdef", before);
        sql.sql("update ff4j_features set enable = 0").update();
        await().untilAsserted(() -> assertThat(followed.proofs().last(TRACE).flatMap(RollbackProof::obeyedAt))
                .isPresent());
        RollbackProof proof = followed.proofs().last(TRACE).orElseThrow();
        assertThat(proof.id()).startsWith("flag-");
        assertThat(proof.reason()).isEqualTo("changed by SQL");
        assertThat(redis.fence(TRACE)).isEqualTo(proof.epoch().orElseThrow()).isGreaterThan(before);
        redis.settle(TRACE, List.of(new ItemKey("p:t:0123456789abcdef")));
        completed(proof.id());
        sql.sql("update ff4j_features set enable = 0, expression = 'bp=5'").update();
        assertThat(followed.proofs().latest(TRACE, 10)).as("0 % already").hasSize(1);
    }

    @Test
    void an_order_to_recall_is_carried_out_by_whoever_is_there() {
        Epoch epoch = set(10_000);
        register("p:t:0123456789abcdef", epoch);
        followed.close(); // the instance that takes the order dies after it
        String id = one.control()
                .rollback(TRACE, ALICE, "it hurts", InFlightPolicy.of("wait 1s then recall"))
                .id();
        try (var other = new TestProofs(one, "other", redis, InFlightPolicy.FINISH).started()) {
            await().untilAsserted(() -> assertThat(
                            other.proofs().find(TRACE, id).orElseThrow().completedAt())
                    .isPresent());
            RollbackProof done = other.proofs().find(TRACE, id).orElseThrow();
            assertThat(done.recalled()).isEqualTo(1);
            assertThat(done.policy()).hasToString("wait 1s then recall");
            assertThat(done.took().orElseThrow()).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
            assertThat(redis.waiting(TRACE)).containsExactly(new ItemKey("p:t:0123456789abcdef"));
        }
    }

    @Test
    void items_of_a_newer_version_do_not_keep_an_old_rollback_open_nor_are_they_recalled() {
        Epoch epoch = set(10_000);
        ItemKey old = register("p:t:0123456789abcdef", epoch);
        String id = one.control()
                .rollback(TRACE, ALICE, "it hurts", InFlightPolicy.of("wait 10s then recall"))
                .id();
        await().untilAsserted(() -> assertThat(proof(id).fencedAt()).isPresent());
        Epoch again = set(5_000);
        ItemKey young = register("p:u:0123456789abcdef", again);
        await().untilAsserted(() -> assertThat(proof(id).supersededBy()).contains(again));
        sql.sql("update rollback_proof set ordered_at = ordered_at - interval '10 s'")
                .update();
        followed.follower().look();
        assertThat(proof(id).remaining()).as("not recalled when that was due").hasValue(1);
        redis.settle(TRACE, List.of(old));
        assertThat(completed(id).recalled()).isZero();
        assertThat(redis.message(TRACE, young)).isPresent();
    }

    @Test
    void a_rehearsal_goes_to_0_until_nothing_is_in_flight_and_back() {
        Epoch epoch = set(2_500);
        ItemKey item = register("p:t:0123456789abcdef", epoch);
        var rehearsals = rehearsals(Duration.ofSeconds(20), "no");
        var running = CompletableFuture.supplyAsync(() -> rehearsals.run(TRACE, ALICE, "weekly", Optional.of(epoch)));
        await().untilAsserted(() -> assertThat(followed.proofs().last(TRACE).flatMap(RollbackProof::obeyedAt))
                .isPresent());
        assertThat(one.router().snapshot(TRACE).percentage()).isEqualTo(Percentage.ZERO);
        assertThat(rehearsals.run(TRACE, ALICE, "me too", Optional.empty()))
                .isInstanceOf(Rehearsals.Answer.Refused.class);
        redis.settle(TRACE, List.of(item));
        assertThat(running.join()).isInstanceOfSatisfying(Rehearsals.Answer.Done.class, done -> {
            Rehearsal rehearsal = done.rehearsal();
            assertThat(rehearsal.outcome()).isEqualTo(Rehearsal.Outcome.PASSED);
            assertThat(rehearsal.words()).isEqualTo("complete, and back at 25 %");
            assertThat(rehearsal.obeyedMillis()).isPresent();
            assertThat(rehearsal.zeroMillis().orElseThrow())
                    .isGreaterThanOrEqualTo(rehearsal.obeyedMillis().orElseThrow());
            assertThat(rehearsal.instances())
                    .singleElement()
                    .satisfies(flip -> assertThat(flip.millis()).isPresent());
        });
        await().untilAsserted(() ->
                assertThat(one.router().snapshot(TRACE).percentage()).isEqualTo(new Percentage(2_500)));
        assertThat(rehearsals.latest(TRACE, 10)).hasSize(1);
    }

    @Test
    void a_rehearsal_that_goes_wrong_stays_at_0_and_one_that_must_not_be_is_refused() {
        var refusing = rehearsals(Duration.ofSeconds(1), "yes");
        assertThat(refusing.run(TRACE, ALICE, "at 0", Optional.empty()))
                .isInstanceOfSatisfying(
                        Rehearsals.Answer.Refused.class,
                        refused -> assertThat(refused.why()).contains("is at 0 %"));
        Epoch epoch = set(2_500);
        register("p:t:0123456789abcdef", epoch);
        assertThat(refusing.run(TRACE, ALICE, "gate", Optional.empty()))
                .isEqualTo(new Rehearsals.Answer.Refused("gate errors fails"));
        var rehearsals = rehearsals(Duration.ofSeconds(3), "no");
        assertThat(rehearsals.run(TRACE, ALICE, "late", Optional.of(new Epoch(1))))
                .isInstanceOfSatisfying(
                        Rehearsals.Answer.Overtaken.class,
                        late -> assertThat(late.theirs().epoch()).isEqualTo(epoch.value()));
        assertThat(rehearsals.run(TRACE, ALICE, "weekly", Optional.empty()))
                .isInstanceOfSatisfying(Rehearsals.Answer.Done.class, done -> {
                    assertThat(done.rehearsal().outcome()).isEqualTo(Rehearsal.Outcome.FAILED);
                    assertThat(done.rehearsal().words())
                            .isEqualTo(
                                    "stays at 0: after 3 s the rollback was still open: 1 items in flight on Temporal");
                });
        assertThat(one.router().snapshot(TRACE).percentage()).isEqualTo(Percentage.ZERO);
        assertThat(rehearsals.run(TRACE, ALICE, "again", Optional.empty()))
                .isInstanceOf(Rehearsals.Answer.Refused.class);
    }

    @Test
    void what_a_rehearsal_puts_back_is_waited_for_until_all_obey_it_as_with_every_order() {
        set(2_500);
        var orders = new RehearsalConfiguration.ByControl(one.control(), one.store());
        var before = orders.standing(TRACE);
        Epoch zero = orders.rollback(TRACE, ALICE, "weekly").epoch().orElseThrow();
        sql.sql("insert into flag_acknowledgement values ('slow', 'trace', ?, false, 60000, clock_timestamp())")
                .param(zero.value())
                .update();
        long begun = System.nanoTime();

        assertThat(orders.restore(before, ALICE, "and back", zero)).isPresent();

        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .as("as long as an order waits for one that never obeys")
                .isGreaterThanOrEqualTo(Duration.ofSeconds(2));
    }

    private Rehearsals rehearsals(Duration patience, String objects) {
        return new Rehearsals(
                new RehearsalStore(source),
                new RehearsalConfiguration.ByControl(one.control(), one.store()),
                followed.proofs(),
                List.of(workload -> objects.equals("yes") ? Optional.of("gate errors fails") : Optional.empty()),
                one.router(),
                new dev.shunt.core.Instance("one"),
                patience);
    }

    @Test
    void nothing_is_complete_while_redis_is_away() {
        set(10_000);
        redis.away(true);
        String id = one.control().rollback(TRACE, ALICE, "it hurts").id();
        await().untilAsserted(
                        () -> assertThat(proof(id).words()).isEqualTo("open: the fence in Redis is not raised yet"));
        followed.follower().look();
        assertThat(proof(id).completedAt()).isEmpty();
        redis.away(false);
        assertThat(completed(id).fencedAt()).isPresent();
    }

    @Test
    void a_policy_is_read_as_it_is_written_and_nonsense_is_refused() {
        assertThat(List.of("finish", "recall", "wait 90s then recall"))
                .allSatisfy(text -> assertThat(InFlightPolicy.of(text)).hasToString(text));
        assertThat(InFlightPolicy.of("wait 2m then recall").after()).isEqualTo(Duration.ofMinutes(2));
        assertThat(List.of("", "wait", "wait 9999h then recall", "drop"))
                .allSatisfy(text ->
                        assertThatThrownBy(() -> InFlightPolicy.of(text)).isInstanceOf(IllegalArgumentException.class));
        assertThatThrownBy(() -> new InFlightSettings("finish", true)).hasMessageContaining("recall-on-rollback");
        assertThatThrownBy(() -> new InFlightSettings("later", false))
                .hasMessage(
                        "shunt.rollout.in-flight must be 'finish', 'recall' or 'wait 30s then recall', was 'later'");
        var order = new RollbackOrder("id-1", TRACE, ALICE, "why", Instant.EPOCH, InFlightPolicy.RECALL);
        assertThat(RollbackOrder.parse(order.line())).contains(order);
    }

    private RollbackProof completed(String id) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(proof(id).completedAt()).isPresent());
        return proof(id);
    }

    private RollbackProof proof(String id) {
        return followed.proofs().find(TRACE, id).orElseThrow();
    }

    private ItemKey register(String key, Epoch epoch) {
        var item = new Item(
                TRACE,
                new ItemKey(key),
                key,
                "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                WayIn.HTTP,
                Instant.now(),
                "");
        var decision = RouteDecision.byFlag(new dev.shunt.core.Bucket(1), Percentage.ALL, epoch);
        assertThat(redis.register(item, decision)).isInstanceOf(Registration.Registered.class);
        return item.key();
    }

    private Epoch set(int basisPoints) {
        var order = new RolloutOrder(TRACE, ALICE, "a test", Optional.empty(), false);
        var outcome = one.operations().percentage(order, new Percentage(basisPoints));
        assertThat(outcome).isInstanceOf(RolloutOutcome.Applied.class);
        return ((RolloutOutcome.Applied) outcome).epoch();
    }
}
