package dev.shunt.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How the demo finds and leaves somebody's service; a server answers as that does, with a percentage and a state. */
class RunningServiceTest {

    private final List<String> orders = new CopyOnWriteArrayList<>();
    private volatile int percentage;
    private volatile boolean pairs;
    private volatile String state = "NOT_STARTED";
    private HttpServer server;
    private RunningService service;

    @BeforeEach
    void aServiceThatRuns() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        URI url = URI.create("http://localhost:" + server.getAddress().getPort());
        service = new RunningService(RunningService.Addresses.of(url, null, null, Map.of()), "demo-test");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void left_in_the_middle_it_is_rolled_back_once() throws Exception {
        service.start();
        percentage = 50;
        service.close();
        service.close();

        assertThat(orders).containsExactly("/api/v1/rollouts/trace/rollback");
    }

    @Test
    void left_at_0_with_shadow_pairs_it_is_rolled_back_which_ends_them() throws Exception {
        service.start();
        pairs = true;
        service.close();

        assertThat(orders).containsExactly("/api/v1/rollouts/trace/rollback");
    }

    @Test
    void left_by_an_interrupt_it_is_rolled_back_and_the_interrupt_stays() throws Exception {
        service.start();
        percentage = 10;
        Thread.currentThread().interrupt();
        service.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(orders).containsExactly("/api/v1/rollouts/trace/rollback");
    }

    @Test
    void left_as_it_was_found_nothing_is_ordered() throws Exception {
        service.start();
        service.close();

        assertThat(orders).isEmpty();
    }

    @Test
    void a_service_in_use_is_refused_in_words_and_left_alone() throws Exception {
        state = "ROLLED_BACK";
        assertThatThrownBy(service::start)
                .isInstanceOf(DemoFailure.class)
                .hasMessageContaining("it is at 0, ROLLED_BACK");
        state = "NOT_STARTED";
        percentage = 10;
        assertThatThrownBy(service::start).isInstanceOf(DemoFailure.class).hasMessageContaining("it is at 10");
        service.close();

        assertThat(orders).isEmpty();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (!exchange.getRequestMethod().equals("GET")) {
            orders.add(path);
            percentage = 0;
            pairs = false;
        }
        String body = path.startsWith("/api/v1/shadow/")
                ? "{\"active\": " + pairs + "}"
                : "{\"percentage\": " + percentage + ", \"state\": \"" + state + "\"}";
        byte[] bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
