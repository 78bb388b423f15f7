package dev.shunt.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

/**
 * A service of which a rollout can be started and completed at once. Each class has its own, for a context that was
 * paused cannot go on; a test leaves the flag at 0.
 */
@DirtiesContext
@TestPropertySource(
        properties = {
            "shunt.data=target/rollout-suite",
            "shunt.shadow.pause-above-cpu=100",
            "shunt.shadow.shed-above=60s",
            "shunt.rollout.plans.trace.phases[0].percentage=10",
            "shunt.rollout.plans.trace.phases[0].bake=0s",
            "shunt.rollout.plans.trace.phases[0].minimum-items=0",
            "shunt.rollout.plans.trace.phases[1].percentage=100",
            "shunt.rollout.plans.trace.phases[1].bake=0s",
            "shunt.rollout.plans.trace.phases[1].minimum-items=0",
            "shunt.rollout.plans.trace.gates[0].name=completion",
            "shunt.rollout.plans.trace.gates[0].mode=hold",
            "shunt.rollout.plans.trace.keep-legacy=28d"
        })
abstract class RolloutSuite extends ServiceSuite {

    static final Duration SOON = Duration.ofSeconds(30);
    static final String ROLLOUT = "/api/v1/rollouts/trace";

    Client.Answer send(String id) {
        return client().trace("{\"trace_id\":\"" + id + "\",\"name\":\"n\",\"spans\":[{\"name\":\"s\"}]}");
    }

    Client.Answer order(String step) {
        return client().post(
                        ROLLOUT + "/" + step,
                        "{\"reason\": \"a test wants it so\", \"override\": true}",
                        "If-Match",
                        "*");
    }

    void applied(String step) {
        Client.Answer answer = order(step);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }
}
