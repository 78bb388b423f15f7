package dev.shunt.temporal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.temporal.failure.ApplicationErrorCategory;
import io.temporal.failure.ApplicationFailure;
import org.junit.jupiter.api.Test;

/** How the ends of steps are counted. */
class TaskMetersTest extends TemporalSuite {

    @Test
    void a_step_that_declines_as_it_is_meant_to_has_not_failed() {
        startConnected();
        rig.handler.failNextWith(ApplicationFailure.newBuilder()
                .setMessage("to be done another way")
                .setType("Declined")
                .setCategory(ApplicationErrorCategory.BENIGN)
                .build());

        dispatch(item("declining", "hello"));

        rig.awaitStored(prefix + "declining", "hello");
        await().atMost(SOON).until(() -> kept("completed") == 1);
        assertThat(kept("declined")).isOne();
        assertThat(kept("failed")).isZero();
    }

    @Test
    void a_step_that_fails_is_counted_as_that() {
        startConnected();
        rig.handler.failNext(1);

        dispatch(item("failing", "hello"));

        rig.awaitStored(prefix + "failing", "hello");
        await().atMost(SOON).until(() -> kept("completed") == 1);
        assertThat(kept("failed")).isOne();
        assertThat(kept("declined")).isZero();
    }

    private double kept(String status) {
        return rig.meters
                .counter("shunt.tasks.processed", "task_type", "Keep", "status", status)
                .count();
    }
}
