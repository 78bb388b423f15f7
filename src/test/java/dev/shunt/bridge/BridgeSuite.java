package dev.shunt.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import org.springframework.test.context.TestPropertySource;

/** The whole service, one for all its suites, beginning each test on legacy. */
@TestPropertySource(
        properties = {
            "shunt.comparison.interval=1s",
            "shunt.data=target/bridge",
            // a repeated item stays registered until a sweep
            "shunt.temporal.sweep-interval=1s"
        })
abstract class BridgeSuite extends ServiceSuite {

    static final Duration SOON = Duration.ofSeconds(30);

    Client.Answer send(String project, String body) {
        return client().trace(body.getBytes(UTF_8), "X-Project-ID", project);
    }
}
