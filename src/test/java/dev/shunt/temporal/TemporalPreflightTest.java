package dev.shunt.temporal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Durations;
import dev.shunt.contract.InMemoryInFlight;
import dev.shunt.core.Instance;
import dev.shunt.core.ItemSizes;
import dev.shunt.core.Preflight.Finding;
import dev.shunt.core.Trail;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.WorkflowBinding;
import dev.shunt.core.WorkflowSteps;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.core.WorkloadSettings;
import dev.shunt.embedded.TemporalServerHandle;
import dev.shunt.embedded.TestBackends;
import dev.shunt.workloads.echo.EchoTable;
import dev.shunt.workloads.echo.EchoWorkload;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.temporal.api.workflowservice.v1.RegisterNamespaceRequest;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** What a preflight says of Temporal: each line passes, and fails when it must. */
class TemporalPreflightTest {

    private static final Workload ECHO = TemporalRig.ECHO;

    @Test
    void a_server_that_is_away_fails_and_names_its_address() {
        try (var away = new Parts("127.0.0.1:1", "default")) {
            assertThat(away.there())
                    .isInstanceOfSatisfying(
                            Finding.Refused.class,
                            refused -> assertThat(refused.whatToDo())
                                    .contains(
                                            "Temporal at 127.0.0.1:1, namespace default does not answer",
                                            "TEMPORAL_ADDRESS"));
            assertThat(away.polling()).isInstanceOf(Finding.Unknown.class);
        }
    }

    @Test
    void a_namespace_that_is_not_there_and_a_queue_that_nobody_polls_fail() {
        try (var lonely = new Parts(TestBackends.temporalAddress(), "default");
                var nowhere = new Parts(TestBackends.temporalAddress(), "nowhere")) {
            assertThat(lonely.there()).isInstanceOfAny(Finding.Pass.class, Finding.Unknown.class);
            if (TemporalServerHandle.canRunDevServer()) { // the SDK's own server knows neither namespaces nor pollers
                assertThat(nowhere.there())
                        .isInstanceOfSatisfying(
                                Finding.Refused.class,
                                refused -> assertThat(refused.whatToDo())
                                        .contains(
                                                "there is no namespace nowhere",
                                                "temporal operator namespace create nowhere"));
                assertThat(lonely.polling())
                        .isInstanceOfSatisfying(
                                Finding.Refused.class,
                                refused -> assertThat(refused.whatToDo())
                                        .contains(
                                                "0 workers poll echo-",
                                                "for workflows, 0 for activities",
                                                "start an instance"));
            }
        }
    }

    @Test
    @EnabledIf("dev.shunt.embedded.TemporalServerHandle#canRunDevServer")
    void a_namespace_that_forgets_histories_early_is_said_to() {
        String name = "short-" + UUID.randomUUID();
        var stubs = WorkflowServiceStubs.newServiceStubs(WorkflowServiceStubsOptions.newBuilder()
                .setTarget(TestBackends.temporalAddress())
                .build());
        try (var early = new Parts(TestBackends.temporalAddress(), name)) {
            var unused = stubs.blockingStub()
                    .registerNamespace(RegisterNamespaceRequest.newBuilder()
                            .setNamespace(name)
                            .setWorkflowExecutionRetentionPeriod(Durations.fromDays(1))
                            .build());
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(early.there())
                            .isEqualTo(new Finding.Pass(TestBackends.temporalAddress() + ", namespace " + name
                                    + " answers; histories are kept 1 days, less than the 30 that are advised")));
        } finally {
            stubs.shutdownNow();
        }
    }

    @Test
    void an_item_that_no_workflow_can_carry_fails_with_its_project() {
        try (var parts = new Parts("127.0.0.1:1", "default")) {
            assertThat(parts.census(1_000)).isInstanceOf(Finding.Pass.class);
            assertThat(parts.census(2_000_000))
                    .isInstanceOfSatisfying(
                            Finding.Refused.class,
                            refused -> assertThat(refused.whatToDo())
                                    .contains(
                                            "the largest has 2000000 bytes",
                                            "1 too large for this workload's workflow (p 1)",
                                            "stay on legacy at any percentage"));
            assertThat(parts.census()).isInstanceOf(Finding.Unknown.class);
        }
    }

    @Test
    void the_most_that_a_history_would_hold_is_said_beside_the_servers_limits() {
        try (var parts = new Parts("127.0.0.1:1", "default")) {
            long bytes = 2 * (1_000 + 500 + 600) + 34 * 2_000 + 3 * 32_000;
            assertThat(parts.census(1_000, 10).toString())
                    .contains("no history would hold more than about 34 events of 51200 and " + bytes
                            + " bytes of 52428800")
                    .doesNotContain("warns");
            assertThat(parts.census(new WorkflowSteps(1, 900, 0), false, 1_000))
                    .isInstanceOfSatisfying(
                            Finding.Pass.class,
                            pass -> assertThat(pass.seen())
                                    .contains(
                                            "about 10822 events of 51200",
                                            "(the server warns from a fifth of either on)"));
        }
    }

    @Test
    void a_workflow_whose_history_could_grow_over_a_limit_fails_with_the_projects_of_the_items() {
        try (var parts = new Parts("127.0.0.1:1", "default")) {
            assertThat(parts.census(new WorkflowSteps(Integer.MAX_VALUE, 1, 1), true, 10))
                    .isInstanceOfSatisfying(
                            Finding.Refused.class,
                            endless -> assertThat(endless.whatToDo())
                                    .contains(
                                            "1 whose history could grow over that, and the server would end it (p 1)",
                                            "try local ones a limited number of times"));
            var handedOn = new WorkflowSteps(1, 60, 40);
            assertThat(parts.census(handedOn, false, 10, 1_400_000))
                    .isInstanceOfSatisfying(
                            Finding.Refused.class,
                            large -> assertThat(large.whatToDo())
                                    .contains("1 whose history could grow over that", "hand its argument on"));
            assertThat(parts.census(handedOn, true, 10, 1_400_000))
                    .as("a reference is handed on instead")
                    .isInstanceOf(Finding.Pass.class);
        }
    }

    @Test
    void items_with_long_ids_are_counted_as_those_that_run_under_a_hash() {
        try (var parts = new Parts("127.0.0.1:1", "default")) {
            assertThat(parts.censusOf("é".repeat(500) + "x", "x".repeat(1_001), "short")
                            .toString())
                    .contains("2 with an id over 255 bytes, would run under its hash (p 2)");
            assertThat(parts.censusOf(":".repeat(100)).toString())
                    .as("three bytes each in the id")
                    .contains("1 with an id over 255 bytes");
            assertThat(parts.censusOf("x".repeat(200)).toString()).contains("none with an id over 255 bytes");
        }
    }

    /** The parts that the lines ask, without workers. */
    private static final class Parts implements AutoCloseable {

        private final TemporalSettings settings;
        private final RpcDeadline deadline = new RpcDeadline();
        private final EchoWorkload echo;
        private final Bindings bindings;
        private final TemporalConnection connection;

        Parts(String address, String namespace) {
            settings = TemporalRig.settings(address).namespace(namespace).build();
            var table = EchoTable.in(TestBackends.migratedDatabase());
            echo = EchoWorkload.create(
                    table,
                    delivery -> {
                        throw new UnavailableException("nobody is asked here", Duration.ZERO, null);
                    },
                    delivery -> {
                        throw new UnavailableException("nobody is asked here", Duration.ZERO, null);
                    },
                    new InMemoryInFlight());
            bindings = of(echo);
            connection = new TemporalConnection(
                    settings,
                    new TemporalTransport(TemporalAccess.PLAIN),
                    new Instance("preflight"),
                    bindings,
                    new Ceilings(settings, Clock.systemUTC()),
                    deadline,
                    Codecs.converter(new CodecSettings(List.of(), "", Map.of())),
                    new SimpleMeterRegistry(),
                    true,
                    Trail.NONE);
        }

        Finding there() {
            return new TemporalThere(settings, connection, deadline).check(ECHO);
        }

        Finding polling() {
            return new WorkersPolling(settings, connection, bindings, deadline).check(ECHO);
        }

        Finding census(long... bytes) {
            return census(bindings, sizes(bytes));
        }

        /** Of a workload whose workflow does more, or opens claims. */
        Finding census(WorkflowSteps steps, boolean opensClaims, long... bytes) {
            WorkflowBinding usual = echo.workflow();
            var other = new WorkflowBinding(
                    ECHO, usual.workflowType(), usual.implementation(), usual.activities(), steps, opensClaims);
            return census(
                    of(new EchoWorkload(echo.door(), echo.messages(), echo.handler(), other, echo.audit())),
                    sizes(bytes));
        }

        Finding censusOf(String... subjects) {
            return census(
                    bindings,
                    Stream.of(subjects)
                            .map(subject -> new ItemSizes.Size("p", subject, 10))
                            .toList());
        }

        private Finding census(Bindings bound, List<ItemSizes.Size> sizes) {
            return new PayloadCensus(settings, bound, List.of(new Sizes(sizes))).check(ECHO);
        }

        private static List<ItemSizes.Size> sizes(long... bytes) {
            return LongStream.of(bytes)
                    .mapToObj(each -> new ItemSizes.Size("p", "s", each))
                    .toList();
        }

        private static Bindings of(EchoWorkload workload) {
            return new Bindings(
                    List.of(workload),
                    new WorkloadCatalog(Map.of(
                            ECHO,
                            new WorkloadSettings("echo", "echo-dlq", "echo", "echo", "echo-" + UUID.randomUUID()))));
        }

        @Override
        public void close() {
            connection.close();
            deadline.close();
        }
    }

    private record Sizes(List<Size> found) implements ItemSizes {

        @Override
        public String source() {
            return "made up";
        }

        @Override
        public List<Size> recent(Workload workload, int limit) {
            return found;
        }
    }
}
