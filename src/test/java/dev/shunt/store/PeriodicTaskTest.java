package dev.shunt.store;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PeriodicTaskTest {

    @Test
    void a_chore_that_met_an_error_runs_again() {
        var runs = new AtomicInteger();
        var task = new PeriodicTask("test-chore", Duration.ofMillis(1), () -> {
            if (runs.incrementAndGet() == 1) {
                throw new OutOfMemoryError("asked for by the test");
            }
        });
        task.start();
        try {
            await().atMost(Duration.ofSeconds(20)).until(() -> runs.get() > 1);
        } finally {
            task.stop();
        }
    }
}
