package dev.shunt.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.shunt.core.Divergence;
import dev.shunt.core.Preflight.Finding;
import dev.shunt.core.ResultAudit;
import dev.shunt.core.Workload;
import dev.shunt.store.TestSettled;
import dev.shunt.store.WatchPasses.Pass;
import dev.shunt.workloads.trace.TestTraces;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DelegatingDataSource;

class WatchesTest {

    private final ComparisonRig rig = new ComparisonRig();
    private final Breakable database = new Breakable(rig.database);
    private final Conservation conservation = new Conservation(
            ComparisonRig.TRACE,
            rig.inFlight,
            TestSettled.in(database),
            rig.ledger,
            rig.divergences,
            ComparisonRig.SETTINGS,
            rig.clock,
            rig.meters);
    private final Watches watches = rig.watches(conservation);
    private final Watch watch = watches.of(ComparisonRig.TRACE);

    /** A database that can be taken away. */
    private static final class Breakable extends DelegatingDataSource {
        private boolean broken;

        Breakable(DataSource whole) {
            super(whole);
        }

        @Override
        public Connection getConnection() throws SQLException {
            if (broken) {
                throw new SQLException("the connection was refused", "08001");
            }
            return super.getConnection();
        }
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void looks_that_fail_for_minutes_make_it_not_known_whether_something_is_missing() {
        assertThat(watches.unseen(ComparisonRig.TRACE))
                .containsExactly(
                        "the check has not come to its end yet",
                        "nobody has looked yet whether every accepted item is somewhere");
        watches.check(watch);
        watches.look(watch);
        assertThat(watches.unseen(ComparisonRig.TRACE)).isEmpty();
        assertThat(rig.passes.last(ComparisonRig.TRACE)).containsOnlyKeys(Pass.values());

        rig.accept(TestTraces.item("one", rig.start.minusSeconds(60)));
        database.broken = true;
        for (int look = 0; look < 3; look++) {
            rig.clock.advance(Duration.ofSeconds(31));
            watches.look(watch);
        }
        assertThat(conservation.failures()).isEqualTo(3);
        assertThat(watches.unseen(ComparisonRig.TRACE))
                .singleElement()
                .asString()
                .startsWith("nobody could look since " + rig.start.plusSeconds(40));
        var preflight = new NothingMissing(rig.comparisons(conservation), rig.clock);
        assertThat(preflight.check(ComparisonRig.TRACE))
                .isInstanceOfSatisfying(
                        Finding.Unknown.class,
                        unknown -> assertThat(unknown.toString()).contains("no look has succeeded", "3 have failed"));

        database.broken = false;
        watches.look(watch);
        assertThat(watches.unseen(ComparisonRig.TRACE)).isEmpty();
        assertThat(preflight.check(ComparisonRig.TRACE)).isInstanceOf(Finding.Pass.class);
    }

    @Test
    void looks_go_on_while_the_checks_of_all_workloads_are_slow() throws InterruptedException {
        var other = new Workload("other");
        var slow = new SlowAudit(rig.traces.audit());
        var several = new Watches(
                List.of(
                        new Watch(ComparisonRig.TRACE, rig.check(slow), conservation),
                        new Watch(other, rig.check(other, slow), rig.conservation)),
                Duration.ofMillis(20),
                true,
                rig.passes,
                rig.clock);
        several.start();
        try {
            assertThat(slow.begun.await(10, TimeUnit.SECONDS)).isTrue();
            rig.clock.advance(Duration.ofSeconds(5));
            await().untilAsserted(() -> assertThat(List.of(conservation.last(), rig.conservation.last()))
                    .extracting(Conservation.Look::at)
                    .containsOnly(rig.clock.instant()));
        } finally {
            slow.over.countDown();
            several.stop();
        }
    }

    /** Of a store that takes its time: two ask it and wait. */
    private record SlowAudit(ResultAudit audit, CountDownLatch begun, CountDownLatch over) implements ResultAudit {

        SlowAudit(ResultAudit audit) {
            this(audit, new CountDownLatch(2), new CountDownLatch(1));
        }

        @Override
        public List<Divergence> verify(List<Accepted> done) {
            return audit.verify(done);
        }

        @Override
        public List<Divergence> unaccounted(Instant from, Instant until) {
            begun.countDown();
            try {
                over.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            return List.of();
        }

        @Override
        public List<Divergence> verifySummaries(LocalDate day) {
            return audit.verifySummaries(day);
        }

        @Override
        public Optional<String> stored(String project, String subject) {
            return audit.stored(project, subject);
        }

        @Override
        public List<Map<String, Object>> summary(String project, LocalDate day) {
            return audit.summary(project, day);
        }
    }

    @Test
    void an_instance_that_stands_by_tells_by_the_row_of_the_one_that_checks() {
        watches.look(watch);
        rig.passes.passed(ComparisonRig.TRACE, Pass.CHECK, Duration.ofMinutes(1)); // by another instance
        assertThat(watches.unseen(ComparisonRig.TRACE)).isEmpty();

        rig.passes.passed(ComparisonRig.TRACE, Pass.CHECK, Duration.ZERO);
        assertThat(watches.unseen(ComparisonRig.TRACE))
                .singleElement()
                .asString()
                .startsWith("the check has not come to its end since");
    }
}
