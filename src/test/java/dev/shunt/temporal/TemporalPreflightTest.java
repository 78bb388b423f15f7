package dev.shunt.temporal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.contract.InMemoryInFlight;
import dev.shunt.core.Instance;
import dev.shunt.core.ItemSizes;
import dev.shunt.core.Preflight.Finding;
import dev.shunt.core.Trail;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.core.WorkloadSettings;
import dev.shunt.embedded.TestBackends;
import dev.shunt.workloads.echo.EchoTable;
import dev.shunt.workloads.echo.EchoWorkload;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

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
            if (lonely.there() instanceof Finding.Pass) { // the SDK's own server knows neither namespaces nor pollers
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

    /** The parts that the lines ask, without workers. */
    private static final class Parts implements AutoCloseable {

        private final TemporalSettings settings;
        private final RpcDeadline deadline = new RpcDeadline();
        private final Bindings bindings;
        private final TemporalConnection connection;

        Parts(String address, String namespace) {
            settings = TemporalRig.settings(address).namespace(namespace).build();
            var table = EchoTable.in(TestBackends.migratedDatabase());
            bindings = new Bindings(
                    List.of(EchoWorkload.create(
                            table,
                            delivery -> {
                                throw new UnavailableException("nobody is asked here", Duration.ZERO, null);
                            },
                            delivery -> {
                                throw new UnavailableException("nobody is asked here", Duration.ZERO, null);
                            },
                            new InMemoryInFlight())),
                    new WorkloadCatalog(Map.of(
                            ECHO,
                            new WorkloadSettings("echo", "echo-dlq", "echo", "echo", "echo-" + UUID.randomUUID()))));
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

        Finding census(long... sizes) {
            return new PayloadCensus(
                            settings,
                            bindings,
                            List.of(new Sizes(LongStream.of(sizes).boxed().toList())))
                    .check(ECHO);
        }

        @Override
        public void close() {
            connection.close();
            deadline.close();
        }
    }

    private record Sizes(List<Long> bytes) implements ItemSizes {

        @Override
        public String source() {
            return "made up";
        }

        @Override
        public List<Size> recent(Workload workload, int limit) {
            return bytes.stream().map(each -> new Size("p", "s", each)).toList();
        }
    }
}
