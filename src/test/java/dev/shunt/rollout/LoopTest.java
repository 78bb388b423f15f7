package dev.shunt.rollout;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LoopTest {

    private final AtomicInteger looks = new AtomicInteger();

    @Test
    void a_look_that_met_an_error_is_followed_by_the_next() {
        var loop = new Loop("test-loop", "Looks of the test", Duration.ofMillis(1)) {
            @Override
            Duration look() {
                if (looks.incrementAndGet() == 1) {
                    throw new OutOfMemoryError("asked for by the test");
                }
                return Duration.ofMillis(1);
            }
        };
        loop.start();
        try {
            await().atMost(Duration.ofSeconds(20)).until(() -> looks.get() > 1);
        } finally {
            loop.stop();
        }
    }
}
