package dev.shunt.legacy;

import static dev.shunt.legacy.TinyWorkload.KEYS;
import static dev.shunt.legacy.TinyWorkload.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.shunt.core.UnavailableException;
import dev.shunt.embedded.TestBackends;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InHandTest {

    private final Bench bench = new Bench(TestBackends.freshRedisUrl());
    private final InHand.Solitude solitude = new InHand.Solitude();
    private final InHand alone = solitude.alone(bench.list("one", 0, 1), new Suspect(message("a")));

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void a_recovered_message_is_suspect_only_while_it_is_worked_on() {
        assertThat(alone.during(this::suspects)).isEqualTo(1);
        assertThat(suspects()).isZero();
        assertThatThrownBy(() -> alone.during(() -> {
                    throw new UnavailableException("store is away", Duration.ofMillis(10), null);
                }))
                .isInstanceOf(UnavailableException.class);
        assertThat(suspects()).as("it waits for a backend now").isZero();
    }

    @Test
    void no_batch_is_worked_on_beside_it_so_that_its_process_cannot_die_of_another() {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        // threads of their own: the common pool of a small machine runs one task at a time, whatever the lock says
        var first = CompletableFuture.supplyAsync(
                () -> alone.during(() -> {
                    begun.countDown();
                    return waitFor(end);
                }),
                Thread::startVirtualThread);
        waitFor(begun);
        var second = CompletableFuture.supplyAsync(
                () -> solitude.together().during(() -> first.isDone() || suspects() == 0), Thread::startVirtualThread);
        await().during(Duration.ofMillis(150)).until(() -> !second.isDone());
        end.countDown();
        assertThat(second.join()).isTrue();
    }

    private long suspects() {
        return bench.redis().hlen(KEYS.suspects());
    }

    private static boolean waitFor(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
