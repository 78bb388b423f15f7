package dev.shunt.rollout;

import static dev.shunt.routing.TestRouters.TRACE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.shunt.contract.InMemoryInFlight;
import dev.shunt.embedded.TestBackends;
import dev.shunt.rollout.WebhookSettings.Format;
import dev.shunt.routing.FlagDatabase;
import dev.shunt.routing.TestRouters;
import dev.shunt.store.PeriodicTask;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Whoever is to know is told, at least once, by a message that they can check. */
class WebhookTest {

    private static final String SECRET = "a secret of sixteen or more";

    @TempDir
    Path data;

    private final DataSource source = TestBackends.migratedDatabase();
    private final JdbcClient sql = JdbcClient.create(source);
    private final List<Got> got = new CopyOnWriteArrayList<>();
    private final AtomicInteger failing = new AtomicInteger();
    private final AtomicInteger stalling = new AtomicInteger();
    private HttpServer server;

    private record Got(String id, String kind, String signature, String body) {}

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/hook/secret-path", exchange -> {
            var headers = exchange.getRequestHeaders();
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            if (stalling.getAndDecrement() > 0) {
                exchange.sendResponseHeaders(200, 0); // and a body that never comes
                exchange.getResponseBody().flush();
                return;
            }
            boolean fails = failing.getAndDecrement() > 0;
            if (!fails) {
                got.add(new Got(
                        headers.getFirst("Shunt-Event-Id"),
                        headers.getFirst("Shunt-Event"),
                        String.valueOf(headers.getFirst("Shunt-Signature")),
                        body));
            }
            exchange.sendResponseHeaders(fails ? 503 : 204, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void a_rollback_is_told_of_though_the_receiver_fails_first_and_by_one_of_two_instances() throws Exception {
        failing.set(2);
        sql.sql("update ff4j_features set expression = 'bp=1000'").update();
        sql.sql("update ff4j_features set expression = 'bp=0'").update();
        PeriodicTask one = task(Format.JSON);
        PeriodicTask two = task(Format.JSON);
        try {
            await().atMost(Duration.ofSeconds(20)).until(() -> got.size() == 1);
            await().until(() -> waiting() == 0);
        } finally {
            one.stop();
            two.stop();
        }
        assertThat(got).hasSize(1).allSatisfy(message -> {
            assertThat(message.kind()).isEqualTo("rollback");
            assertThat(message.id()).startsWith("rollback-");
            assertThat(message.body()).contains("\"reason\": \"changed by SQL\"", "\"id\": \"" + message.id() + "\"");
            assertSigned(message);
        });
        assertThat(sql.sql("select attempts from webhook_outbox")
                        .query(Integer.class)
                        .single())
                .isEqualTo(3);
    }

    @Test
    void a_receiver_that_stalls_after_its_headers_has_not_taken_the_message_and_gets_it_and_the_next() {
        stalling.set(1);
        var events = new RolloutEvents(source);
        events.append(RolloutEvent.note(TRACE, "PROMOTE", Actor.unverified("ann"), "first", null));
        events.append(RolloutEvent.note(TRACE, "HOLD", Actor.unverified("ann"), "second", null));
        PeriodicTask task = task(Format.SLACK);
        try {
            await().atMost(Duration.ofSeconds(20)).until(() -> got.size() == 2);
        } finally {
            task.stop();
        }
        assertThat(got).extracting(Got::kind).containsExactlyInAnyOrder("promote", "hold");
    }

    @Test
    void the_steps_of_a_rollout_are_told_of_in_their_order_and_signed() throws Exception {
        PeriodicTask task = task(Format.JSON);
        try (var routers = new TestRouters(TestRouters.database(source), Duration.ofSeconds(5));
                var one = new TestControl(routers, "one", TestRouters.database(source), new InMemoryInFlight(), data)
                        .started()) {
            assertThat(one.operations().start(order("monday"))).isInstanceOf(RolloutOutcome.Applied.class);
            assertThat(one.operations().promote(order("all gates pass"))).isInstanceOf(RolloutOutcome.Applied.class);
            assertThat(one.operations().hold(order("lunch"))).isInstanceOf(RolloutOutcome.Applied.class);
            await().atMost(Duration.ofSeconds(20)).until(() -> got.size() == 3);
        } finally {
            task.stop();
        }
        assertThat(got).extracting(Got::kind).containsExactly("start", "promote", "hold");
        for (Got message : got) {
            assertSigned(message);
        }
        assertThat(got.get(1).body())
                .contains("\"reason\": \"all gates pass\"", "\"by\": \"ann (unverified)\"")
                .contains("\"fromPhase\": \"ten\"", "\"toPhase\": \"fifty\"", "\"verdict\": \"v");
        assertThat(got.get(2).body()).contains("\"fromState\": \"RUNNING\"", "\"toState\": \"HELD\"", "\"lunch\"");
    }

    @Test
    void what_nobody_must_know_is_not_told_and_slack_gets_a_sentence() {
        var events = new RolloutEvents(source);
        events.append(RolloutEvent.note(TRACE, "PROMOTE", Actor.unverified("ann"), "gates \"pass\"", "ten -> fifty"));
        events.append(RolloutEvent.note(TRACE, "NOTHING_TO_TELL", Actor.unverified("ann"), "why", null));
        events.append(RolloutEvent.note(TRACE, "HOLD", Actor.unverified("ann"), "p95", null));
        PeriodicTask task = task(Format.SLACK);
        try {
            await().until(() -> got.size() == 2);
        } finally {
            task.stop();
        }
        assertThat(got).extracting(Got::kind).containsExactly("promote", "hold");
        assertThat(got.getFirst().body())
                .isEqualTo(
                        "{\"text\":\"Shunt: promote of trace by ann (unverified): gates \\\"pass\\\" (ten -> fifty)\"}");
    }

    @Test
    void an_instance_that_does_not_acknowledge_a_rollback_is_named_once_whoever_looks() {
        FlagDatabase database = TestRouters.database(source);
        var redis = new InMemoryInFlight();
        PeriodicTask task = task(Format.SLACK);
        try (var routers = new TestRouters(database, Duration.ofSeconds(2));
                var one = new TestControl(routers, "one", database, redis, data).started();
                var looking = new TestProofs(one, "one", redis, InFlightPolicy.FINISH).started();
                var alsoLooking = new TestProofs(one, "two", redis, InFlightPolicy.FINISH).started()) {
            sql.sql("insert into flag_acknowledgement values ('asleep', 'trace', 1, false, 600000, clock_timestamp())")
                    .update();
            one.control().rollback(TRACE, Actor.unverified("ann"), "it hurts");
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(got).extracting(Got::kind).contains("laggard"));
            Got told = got.stream()
                    .filter(each -> each.kind().equals("laggard"))
                    .findFirst()
                    .orElseThrow();
            assertThat(told.id()).startsWith("laggard-").endsWith("-asleep");
            assertThat(told.body()).contains("asleep");
            for (TestProofs each : List.of(looking, alsoLooking)) {
                each.follower().look();
                assertThat(each.proofs().last(TRACE).orElseThrow().laggards()).containsExactly("asleep");
            }
            sql.sql("delete from flag_acknowledgement where instance = 'asleep'")
                    .update();
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(got).extracting(Got::kind).contains("rollback-complete"));
            assertThat(got).extracting(Got::kind).containsOnlyOnce("laggard");
        } finally {
            task.stop();
        }
    }

    @Test
    void a_wrong_setting_stops_the_start_and_shows_no_secret() {
        assertThatThrownBy(() -> settings("ftp://x/" + SECRET, SECRET, Format.JSON))
                .hasMessageContaining("shunt.rollout.webhook.url")
                .hasMessageNotContaining(SECRET);
        assertThatThrownBy(() -> settings(url(), null, Format.JSON)).hasMessageContaining("webhook.secret");
        assertThatThrownBy(() -> settings(url(), "short", Format.SLACK))
                .hasMessageContaining("16")
                .hasMessageNotContaining("short");
        assertThat(settings(url(), SECRET, Format.JSON).toString()).doesNotContain("secret");
    }

    private static void assertSigned(Got message) throws Exception {
        String[] parts = message.signature().split(",");
        String seconds = parts[0].substring("t=".length());
        assertThat(Long.parseLong(seconds))
                .isBetween(
                        Instant.now().minusSeconds(300).getEpochSecond(),
                        Instant.now().getEpochSecond());
        assertThat(parts[1]).isEqualTo("v1=" + hmac(seconds + "." + message.body()));
    }

    private static RolloutOrder order(String reason) {
        return new RolloutOrder(TRACE, Actor.unverified("ann"), reason, Optional.empty(), false);
    }

    private PeriodicTask task(Format format) {
        var webhook = new Webhook(
                new WebhookOutbox(source),
                settings(url(), SECRET, format),
                Clock.systemUTC(),
                new SimpleMeterRegistry());
        var task = new PeriodicTask("webhook", Duration.ofMillis(100), webhook::tell);
        task.start();
        return task;
    }

    private static WebhookSettings settings(String url, @Nullable String secret, Format format) {
        return new WebhookSettings(url, secret, format, Duration.ofSeconds(2));
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook/secret-path";
    }

    private long waiting() {
        return new WebhookOutbox(source).waiting();
    }

    private static String hmac(String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(text.getBytes(UTF_8)));
    }
}
