package dev.shunt.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.contract.InMemoryInFlight;
import dev.shunt.core.RetiredWorkloads;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.core.WorkloadSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A list that producers fill by themselves, and nobody drains, ages. */
class NextInLineTest {

    private static final Workload TRACE = new Workload("trace");
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private Optional<String> next = Optional.empty();
    private long waiting;
    private Instant now = BEGIN;

    private final InMemoryInFlight list = new InMemoryInFlight() {
        @Override
        public synchronized Counts counts(Workload workload) {
            return new Counts(0, 0, waiting, 0, Optional.empty(), Optional.empty(), Map.of(), next);
        }
    };

    private final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }
    };

    private final InFlightMeters subject = new InFlightMeters(
            list,
            RetiredWorkloads.NONE,
            new WorkloadCatalog(Map.of(TRACE, new WorkloadSettings("list", "dead", "feature", "trace", "queue"))),
            clock,
            meters);

    private double age(long secondsLater, String message, long length) {
        now = now.plusSeconds(secondsLater);
        next = Optional.of(message).filter(text -> !text.isEmpty());
        waiting = length;
        subject.look();
        return meters.get("shunt.oldest.waiting").tag("route", "LEGACY").gauge().value();
    }

    @Test
    void the_same_next_message_of_a_growing_list_gets_older() {
        assertThat(age(0, "a", 1)).isZero();
        assertThat(age(60, "a", 50)).isEqualTo(60);
        assertThat(age(60, "a", 90)).isEqualTo(120);
    }

    @Test
    void a_list_that_is_drained_has_no_age_that_nobody_knows() {
        age(0, "a", 9);
        assertThat(age(60, "b", 90)).as("another message").isZero();
        assertThat(age(60, "b", 80)).as("an equal one, as the list is shorter").isZero();
        assertThat(age(60, "b", 80)).isEqualTo(60);
        assertThat(age(5, "", 0)).isZero();
        assertThat(age(5, "b", 1)).isZero();
    }
}
