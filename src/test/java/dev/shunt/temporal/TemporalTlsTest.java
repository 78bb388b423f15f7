package dev.shunt.temporal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.contract.InMemoryInFlight;
import dev.shunt.core.Item;
import dev.shunt.core.Reason;
import dev.shunt.core.RouteGateway.Dispatch;
import dev.shunt.embedded.TestBackends;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.mock.env.MockEnvironment;

/** The route over TLS, against a server that speaks nothing else. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TemporalTlsTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final DataSource database = TestBackends.migratedDatabase();
    private final TlsTemporal server = new TlsTemporal(ClientAuth.OPTIONAL);
    private final TlsTemporal strict = new TlsTemporal(ClientAuth.REQUIRE);

    @SuppressWarnings("NullAway.Init") // made by each test
    private TemporalRig rig;

    @AfterEach
    void stop() {
        rig.close();
    }

    @AfterAll
    void close() {
        server.close();
        strict.close();
    }

    private TemporalRig start(TlsTemporal at, TemporalAccess access) {
        rig = new TemporalRig(
                TemporalRig.settings(at.address()).inMemory().access(access), new InMemoryInFlight(), database);
        return rig;
    }

    private static TemporalAccess access(String ca, String certificate, String key, String apiKey) {
        return new TemporalAccess(apiKey, new TemporalTls(null, ca, certificate, key, ""));
    }

    private static String path(String name) {
        return TlsTemporal.file(name).toString();
    }

    private void runsAWorkflow() {
        String id = UUID.randomUUID().toString();
        Item item = rig.connected().item(id, "hello");
        assertThat(rig.gateway.dispatch(item, TemporalRig.onTemporal())).isInstanceOf(Dispatch.Accepted.class);
        rig.awaitStored(id, "hello");
    }

    /** What health says. */
    private String whyNot() {
        return String.valueOf(new TemporalHealthIndicator(rig.route, new MockEnvironment())
                .health()
                .getDetails()
                .get("why"));
    }

    private void staysAwayBecause(String... words) {
        await().atMost(SOON).untilAsserted(() -> assertThat(whyNot()).contains(words));
        assertThat(rig.route.state().connected()).isFalse();
        assertThat(rig.gateway.dispatch(rig.item(UUID.randomUUID().toString(), "hello"), TemporalRig.onTemporal()))
                .isEqualTo(new Dispatch.Accepted(TemporalRig.onTemporal().divertedToLegacy(Reason.FALLBACK), null));
    }

    @Test
    void with_the_right_ca_and_an_api_key_a_workflow_runs_and_each_call_shows_the_key() {
        server.authorizations.clear(); // of other tests
        start(server, access(path("ca.pem"), "", "", "secret-word"));
        runsAWorkflow();
        assertThat(server.authorizations).containsExactly("Bearer secret-word");
    }

    @Test
    void a_certificate_for_another_name_is_accepted_by_its_name_alone() {
        start(server, new TemporalAccess("", new TemporalTls(null, path("ca.pem"), "", "", "elsewhere.test")));
        staysAwayBecause("TLS handshake failed", "elsewhere.test");
        rig.close();
        start(server, new TemporalAccess("", new TemporalTls(null, path("ca.pem"), "", "", "temporal.test")))
                .connected();
    }

    @Test
    void a_wrong_ca_is_said_and_the_right_one_put_in_its_place_is_taken(@TempDir Path folder) throws IOException {
        Path ca = Files.copy(TlsTemporal.file("other-ca.pem"), folder.resolve("ca.pem"));
        Files.setLastModifiedTime(ca, FileTime.from(Instant.now().minusSeconds(60)));
        start(server, access(ca.toString(), "", "", ""));
        staysAwayBecause("TLS handshake failed", "shunt.temporal.tls.ca", ca.toString());

        Files.write(ca, Files.readAllBytes(TlsTemporal.file("ca.pem")));
        runsAWorkflow();
    }

    @Test
    void a_server_that_asks_for_a_client_certificate_gets_it() {
        start(strict, access(path("ca.pem"), path("client.pem"), path("client.key"), ""));
        runsAWorkflow();
    }

    @Test
    void without_the_client_certificate_that_is_asked_for_it_says_so() {
        start(strict, access(path("ca.pem"), "", "", ""));
        staysAwayBecause("TLS", "client certificate");
    }

    @Test
    void in_the_clear_it_says_that_the_server_may_want_tls() {
        start(server, TemporalAccess.PLAIN);
        staysAwayBecause("shunt.temporal.tls.enabled");
    }
}
