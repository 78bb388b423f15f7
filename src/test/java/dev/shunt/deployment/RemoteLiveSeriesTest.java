package dev.shunt.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** With every step as an ordinary activity. */
@Tag("slow")
@TestPropertySource(properties = "shunt.trace.activities=remote")
class RemoteLiveSeriesTest extends LiveSeriesSuite {

    /** The local step that declines is counted and timed in this mode, too, and that of the warm-up succeeds; none fails. */
    @Override
    boolean isOfTheOtherMode(String series) {
        return series.equals("temporal_local_activity_execution_failed_total");
    }

    @Test
    void the_local_step_that_sends_each_on_as_an_ordinary_one_is_no_failure() {
        double declined = persisted("declined");
        assertThat(declined).isPositive();
        assertThat(persisted("failed")).as("poisoned items alone").isLessThan(declined);
    }

    private double persisted(String status) {
        return Scrape.of(get("/actuator/prometheus")).series().stream()
                .filter(one -> one.name().equals("shunt_tasks_processed_total"))
                .filter(one ->
                        Map.of("task_type", "persistTrace", "status", status).equals(one.labels()))
                .mapToDouble(Scrape.Series::value)
                .sum();
    }
}
