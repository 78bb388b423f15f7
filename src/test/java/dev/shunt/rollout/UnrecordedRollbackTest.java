package dev.shunt.rollout;

import static dev.shunt.routing.TestRouters.TRACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shunt.contract.InMemoryInFlight;
import dev.shunt.core.Percentage;
import dev.shunt.core.Reason;
import dev.shunt.core.Route;
import dev.shunt.core.UnavailableException;
import dev.shunt.embedded.DedicatedPostgres;
import dev.shunt.embedded.TestBackends;
import dev.shunt.rollout.RolloutOutcome.Applied;
import dev.shunt.rollout.RolloutOutcome.Refused;
import dev.shunt.routing.FlagDatabase;
import dev.shunt.routing.TestRouters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A rollback while the flag's own store is dead. */
@Tag("slow")
class UnrecordedRollbackTest {

    private static final Actor ALICE = Actor.unverified("alice");
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final DedicatedPostgres POSTGRES = TestBackends.dedicatedPostgres();

    @TempDir
    Path data;

    @TempDir
    Path otherData;

    private final String jdbcUrl = POSTGRES.freshJdbcUrl();
    private final FlagDatabase database = new FlagDatabase(jdbcUrl, null, null);
    private final TestRouters routers = new TestRouters(database, LONG);
    private final StopsInMemory redis = new StopsInMemory();
    private TestControl one;

    @BeforeEach
    void route_everything_to_temporal() {
        Flyway.configure().dataSource(TestBackends.dataSource(jdbcUrl)).load().migrate();
        one = new TestControl(routers, "one", database, redis, data).started();
        assertThat(set(one, 10_000)).isInstanceOf(Applied.class);
        assertThat(one.router().decide(TRACE, "p:1").executed()).isEqualTo(Route.TEMPORAL);
    }

    @AfterEach
    void stop() {
        one.close();
        routers.close();
    }

    @AfterAll
    static void end() {
        POSTGRES.close();
    }

    @Test
    void it_is_obeyed_at_once_and_recorded_when_postgres_is_back() {
        POSTGRES.kill9();
        Rollback rollback = one.control().rollback(TRACE, ALICE, "it hurts");
        assertThat(rollback.recorded()).isFalse();
        assertThat(rollback.stopped()).isTrue();
        assertThat(rollback.complete()).isFalse();
        assertThat(rollback.leasesEndBy()).isPresent();
        assertThat(one.router().trustsFlag()).as("the lease is long on purpose").isTrue();
        assertThat(one.router().decide(TRACE, "p:1").reason()).isEqualTo(Reason.FENCED);
        assertThat(redis.stopOrder(TRACE))
                .hasValueSatisfying(line -> assertThat(line).contains("it+hurts"));
        assertThat(files()).hasSize(1);
        assertThat(one.control().status(TRACE).orderPending()).isTrue();
        assertThat(set(one, 1_000)).isInstanceOf(Refused.class);
        assertThatThrownBy(() -> set(one, 0)).isInstanceOf(UnavailableException.class);

        POSTGRES.start();
        await().atMost(LONG).until(() -> !one.control().status(TRACE).orderPending());
        assertThat(redis.steps()).endsWith("fence", "lift");
        assertThat(files()).isEmpty();
        await().until(() -> one.router().snapshot(TRACE).percentage().equals(Percentage.ZERO));
        assertThat(one.control().history(TRACE, 1).getFirst().reason()).isEqualTo("it hurts");
        assertThat(redis.fence(TRACE)).isEqualTo(one.router().snapshot(TRACE).epoch());
        assertThat(set(one, 10_000)).isInstanceOf(Applied.class);
        assertThat(one.router().decide(TRACE, "p:1").executed()).isEqualTo(Route.TEMPORAL);
    }

    @Test
    void it_survives_a_restart_and_no_snapshot_routes_to_temporal_before_it_is_recorded() {
        POSTGRES.kill9();
        redis.goAway();
        one.control().rollback(TRACE, ALICE, "it hurts");
        one.close();
        POSTGRES.start();
        assertThat(flagInDatabase()).isEqualTo("bp=10000");

        TestControl restarted = new TestControl(routers, "one-again", database, redis, data);
        restarted.router().start(); // reads 100 % before anything is recorded
        await().atMost(LONG).until(restarted.router()::trustsFlag);
        assertThat(restarted.router().snapshot(TRACE).percentage()).isEqualTo(Percentage.ALL);
        assertThat(restarted.router().decide(TRACE, "p:1").reason()).isEqualTo(Reason.FENCED);

        redis.comeBack();
        one = restarted.started();
        await().atMost(LONG).until(() -> !restarted.control().status(TRACE).orderPending());
        assertThat(flagInDatabase()).isEqualTo("bp=0");
        assertThat(files()).isEmpty();
    }

    @Test
    void another_instance_obeys_and_records_the_order_of_one_that_is_gone() {
        POSTGRES.kill9();
        one.control().rollback(TRACE, ALICE, "it hurts");
        one.close(); // with its order in Redis, and its folder lost with it
        POSTGRES.start();
        TestControl two = new TestControl(routers, "two", database, redis, otherData).started();
        await().atMost(LONG).until(() -> !two.control().status(TRACE).orderPending());
        assertThat(flagInDatabase()).isEqualTo("bp=0");
        assertThat(two.control().history(TRACE, 1).getFirst().changedBy()).isEqualTo("alice (unverified)");
        assertThat(set(two, 5_000)).isInstanceOf(Applied.class);

        // the first one comes back with its old file: the order was carried out once and is not carried out again
        one = new TestControl(routers, "one-again", database, redis, data).started();
        await().atMost(LONG).until(() -> !one.control().status(TRACE).orderPending());
        assertThat(flagInDatabase()).isEqualTo("bp=5000");
        two.close();
    }

    @Test
    void its_proof_is_that_of_the_order_and_goes_on_once_it_is_recorded() {
        var registry = new InMemoryInFlight();
        try (var two = new TestControl(routers, "two", database, registry, otherData).started();
                var followed = new TestProofs(two, "two", registry, InFlightPolicy.FINISH).started()) {
            await().atMost(LONG).until(two.router()::trustsFlag);
            POSTGRES.kill9();
            Rollback taken = two.control().rollback(TRACE, ALICE, "it hurts");
            RollbackProof unrecorded = followed.proofs().find(TRACE, taken.id()).orElseThrow();
            assertThat(unrecorded.recordedAt()).isEmpty();
            assertThat(unrecorded.completedAt()).isEmpty();
            assertThat(unrecorded.reason()).isEqualTo("it hurts");
            assertThat(unrecorded.notes()).singleElement().asString().contains("Postgres is away");
            assertThat(followed.proofs().last(TRACE).orElseThrow().id()).isEqualTo(taken.id());

            POSTGRES.start();
            await().atMost(LONG)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(
                                    followed.proofs().find(TRACE, taken.id()).flatMap(RollbackProof::completedAt))
                            .isPresent());
            RollbackProof proof = followed.proofs().find(TRACE, taken.id()).orElseThrow();
            assertThat(proof.orderedAt()).isEqualTo(unrecorded.orderedAt());
            assertThat(proof.orderedBy()).isEqualTo("alice (unverified)");
            assertThat(proof.reason()).isEqualTo("it hurts");
            assertThat(proof.recordedAt())
                    .hasValueSatisfying(at -> assertThat(at).isAfter(proof.orderedAt()));
            assertThat(proof.epoch()).contains(two.router().snapshot(TRACE).epoch());
            assertThat(proof.instances())
                    .extracting(RollbackProof.Obedience::instance)
                    .contains("one", "two");
            assertThat(proof.took().orElseThrow())
                    .as("counted from the order, not from the record")
                    .isGreaterThanOrEqualTo(Duration.between(
                            proof.orderedAt(), proof.recordedAt().orElseThrow()));
            assertThat(proof.words()).startsWith("complete at ");
            assertThat(followed.proofs().latest(TRACE, 10)).hasSize(1);
        }
    }

    @Test
    void a_file_that_cannot_be_read_is_an_order_too() throws IOException {
        one.close();
        Path folder = Files.createDirectories(data.resolve("rollback-orders"));
        Files.writeString(folder.resolve("torn.order"), "id=ab");
        one = new TestControl(routers, "one-again", database, redis, data).started();
        await().atMost(LONG).until(() -> flagInDatabase().equals("bp=0"));
    }

    @Test
    void an_order_is_the_same_after_it_was_written_down() {
        var order = new RollbackOrder(
                "id-1", TRACE, new Actor("a=b&c (unverified)", false), "50 % & more = pain\u00e9", Instant.EPOCH);
        assertThat(RollbackOrder.parse(order.line() + "\n")).contains(order);
        assertThat(List.of("", "stop please", "id=1", "&&=", "id=%zz&workload=trace&by=x&reason=y&at=z"))
                .allMatch(line -> RollbackOrder.parse(line).isEmpty());
    }

    private static RolloutOutcome set(TestControl instance, int basisPoints) {
        return instance.operations()
                .percentage(
                        new RolloutOrder(TRACE, ALICE, "a test", Optional.empty(), false), new Percentage(basisPoints));
    }

    private String flagInDatabase() {
        return JdbcClient.create(TestBackends.dataSource(jdbcUrl))
                .sql("select expression from ff4j_features")
                .query(String.class)
                .single();
    }

    private List<Path> files() {
        try (var files = Files.list(data.resolve("rollback-orders"))) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
