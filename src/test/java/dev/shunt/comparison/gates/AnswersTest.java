package dev.shunt.comparison.gates;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.shunt.comparison.CustomQuery;
import dev.shunt.comparison.CustomQuery.Good;
import dev.shunt.comparison.CustomQuery.Kind;
import dev.shunt.comparison.GateMode;
import dev.shunt.comparison.GateOutcome;
import dev.shunt.comparison.GateSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AnswersTest {

    private final Answers answers = new Answers(Clock.systemUTC());
    private HttpServer server;
    private volatile String body = "";
    private volatile int status = 200;
    private volatile String asked = "";

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked = exchange.getRequestURI().getPath() + "?"
                    + exchange.getRequestURI().getQuery();
            byte[] bytes = body.getBytes(UTF_8);
            if (bytes.length == 0) {
                exchange.sendResponseHeaders(status, 0); // and a body that never comes
                exchange.getResponseBody().flush();
                return;
            }
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void a_number_in_a_json_answer_is_held_against_the_limit() {
        body = "{\"checks\": [{\"value\": 0.25}]}";
        assertThat(outcome(query(Kind.HTTP, "checks.0.value", 0.5))).isEqualTo(GateOutcome.PASS);
        assertThat(outcome(query(Kind.HTTP, "checks.0.value", 0.1))).isEqualTo(GateOutcome.FAIL);
    }

    @Test
    void prometheus_is_asked_its_way() {
        body = "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},"
                + "\"value\":[1435781451.781,\"0.02\"]}]}}";
        assertThat(outcome(query(Kind.PROMQL, "rate(errors[5m])", 0.05))).isEqualTo(GateOutcome.PASS);
        assertThat(asked).isEqualTo("/api/v1/query?query=rate(errors[5m])");
    }

    @Test
    void garbage_no_number_an_error_and_no_answer_are_no_data() {
        body = "<html>";
        assertThat(outcome(query(Kind.HTTP, "value", 1))).isEqualTo(GateOutcome.NO_DATA);
        body = "{\"value\": \"NaN\"}";
        assertThat(outcome(query(Kind.HTTP, "value", 2))).isEqualTo(GateOutcome.NO_DATA);
        body = "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}";
        assertThat(outcome(query(Kind.PROMQL, "nothing", 3))).isEqualTo(GateOutcome.NO_DATA);
        status = 500;
        assertThat(outcome(query(Kind.HTTP, "value", 4))).isEqualTo(GateOutcome.NO_DATA);
        server.stop(0);
        assertThat(outcome(query(Kind.HTTP, "value", 5))).isEqualTo(GateOutcome.NO_DATA);
    }

    @Test
    void an_answer_that_stalls_after_its_headers_is_given_up_at_the_timeout() {
        CustomQuery stalling = query(Kind.HTTP, "value", 1);
        await().until(() -> String.valueOf(answers.newest(stalling).problem()).contains(" does not answer: "));
        body = "{\"value\": 1}";
        await().until(() -> Double.valueOf(1).equals(answers.newest(stalling).value()));
    }

    private CustomQuery query(Kind kind, String expression, double limit) {
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return new CustomQuery(kind, url, expression, Good.AT_MOST, limit, Duration.ofSeconds(2));
    }

    private GateOutcome outcome(CustomQuery query) {
        await().until(() -> !"not answered yet".equals(answers.newest(query).problem()));
        Answers.Answer answer = answers.newest(query);
        var spec = new GateSpec("custom:mine", GateMode.ROLLBACK, null, query);
        var facts = new Facts().with("value", answer.value()).with("problem", answer.problem());
        return Judges.judge(spec, facts).outcome();
    }
}
