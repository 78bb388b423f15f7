package dev.shunt.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.availability.ApplicationAvailabilityBean;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.mock.env.MockEnvironment;

/** What probes are told before there is anything to be probed, and when a thread is gone. */
class ProbeServerTest {

    private final HttpClient http = HttpClient.newHttpClient();
    private final CountDownLatch migrating = new CountDownLatch(1);
    private final CountDownLatch migrated = new CountDownLatch(1);
    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

    ProbeServerTest() {
        context.setEnvironment(new MockEnvironment()
                .withProperty("shunt.probes.port", "0")
                .withProperty("server.address", "127.0.0.1")
                .withProperty("shunt.roles", "console"));
        context.registerBean("flywayInitializer", Migration.class, () -> new Migration(migrating, migrated));
        context.registerBean(
                "redisHealthIndicator",
                HealthIndicator.class,
                () -> () -> Health.up().build());
        context.register(
                ProbeConfiguration.class,
                RolesConfiguration.class,
                Readiness.class,
                VitalThreads.class,
                ApplicationAvailabilityBean.class);
    }

    /** Waits, as the true one does for Postgres. */
    static final class Migration {
        Migration(CountDownLatch begun, CountDownLatch goOn) {
            begun.countDown();
            try {
                goOn.await();
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @AfterEach
    void close() {
        migrated.countDown();
        context.close();
    }

    @Test
    void while_the_start_waits_for_postgres_it_lives_and_says_why_it_is_not_ready() throws Exception {
        CompletableFuture<Void> start = CompletableFuture.runAsync(
                context::refresh, work -> Thread.ofPlatform().daemon().start(work));
        assertThat(migrating.await(20, TimeUnit.SECONDS))
                .as("the start got as far as the migration")
                .isTrue();

        assertThat(get("/health").statusCode()).isEqualTo(200);
        assertThat(get("/health").body()).contains("\"status\":\"healthy\"", "\"roles\":\"console\"");
        assertThat(get("/ready").statusCode()).isEqualTo(503);
        assertThat(get("/ready").body()).contains("\"reason\":\"starting\"", "Postgres is away", "migrated");
        assertThat(get("/metrics").statusCode()).isEqualTo(503);

        migrated.countDown();
        start.join();
        assertThat(get("/health").statusCode()).isEqualTo(200);
        assertThat(get("/ready").body()).contains("not accepting work");
        AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
        assertThat(get("/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void a_vital_thread_that_dies_makes_the_process_unhealthy_and_another_does_not() throws Exception {
        migrated.countDown();
        context.refresh();
        AvailabilityChangeEvent.publish(context, LivenessState.CORRECT);
        die("some-pool-1");
        assertThat(get("/health").statusCode()).isEqualTo(200);

        die("shunt-temporal-keeper");

        assertThat(get("/health").statusCode()).isEqualTo(503);
        assertThat(get("/health").body()).contains("broken", "shunt-temporal-keeper", "started anew");
    }

    @Test
    void a_start_that_fails_gives_the_port_back() {
        var port = new AtomicInteger();
        context.registerBean("broken", Object.class, () -> {
            port.set(probes().port());
            throw new IllegalStateException("asked for by the test");
        });
        migrated.countDown();

        assertThatThrownBy(context::refresh).hasStackTraceContaining("asked for by the test");

        assertThat(port.get()).isPositive();
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port.get()).close())
                .isInstanceOf(ConnectException.class);
    }

    private static void die(String name) throws InterruptedException {
        Thread thread = Thread.ofPlatform().name(name).start(() -> {
            throw new IllegalStateException("asked for by the test");
        });
        thread.join();
    }

    private ProbeServer probes() {
        return (ProbeServer) Objects.requireNonNull(context.getBeanFactory().getSingleton("probeServer"));
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + probes().port() + path))
                        .build(),
                BodyHandlers.ofString());
    }
}
