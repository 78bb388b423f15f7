package dev.shunt.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

/** The whole service, beginning each test on legacy. Each class has its own: a context that was paused cannot go on. */
@DirtiesContext
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
