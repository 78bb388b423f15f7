package dev.shunt.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.core.Preflight.Finding;
import dev.shunt.core.Workload;
import dev.shunt.embedded.TestBackends;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a preflight says of Postgres: each line passes, and fails when it must. */
class StorePreflightTest {

    private static final Workload TRACE = new Workload("trace");

    private final DataSource database = TestBackends.migratedDatabase();
    private final JdbcClient sql = JdbcClient.create(database);
    private final Flyway flyway = Flyway.configure().dataSource(database).load();

    @Test
    void a_schema_of_a_newer_build_fails_and_so_does_an_older_one() {
        assertThat(schema()).isInstanceOf(Finding.Pass.class);
        sql.sql("""
                insert into flyway_schema_history (installed_rank, version, description, type, script, checksum,
                    installed_by, execution_time, success)
                values (999, '999', 'of tomorrow', 'SQL', 'V999__of_tomorrow.sql', 1, 'test', 1, true)
                """).update();
        assertThat(schema())
                .isInstanceOfSatisfying(
                        Finding.Refused.class,
                        refused -> assertThat(refused.whatToDo())
                                .contains("1 versions beyond what this instance knows", "finish the deployment"));
        sql.sql("""
                delete from flyway_schema_history where installed_rank >= (
                    select max(installed_rank) from flyway_schema_history where installed_rank < 999)
                """).update();
        assertThat(schema())
                .isInstanceOfSatisfying(
                        Finding.Refused.class,
                        refused -> assertThat(refused.whatToDo())
                                .contains("this build needs ", "restart this instance, it migrates"));
        assertThat(new SchemaFits(Optional.empty()).check(TRACE)).isInstanceOf(Finding.Unknown.class);
    }

    @Test
    void a_clock_that_is_seconds_off_fails_and_says_by_how_much() {
        assertThat(clock(Duration.ZERO)).isInstanceOf(Finding.Pass.class);
        assertThat(clock(Duration.ofSeconds(3)))
                .isInstanceOfSatisfying(
                        Finding.Refused.class,
                        refused -> assertThat(refused.whatToDo())
                                .contains("Postgres's clock is ", "ms behind this instance's"));
    }

    private Finding schema() {
        return new SchemaFits(Optional.of(flyway)).check(TRACE);
    }

    private Finding clock(Duration offset) {
        return new PostgresClock(database, Clock.offset(Clock.systemUTC(), offset)).check(TRACE);
    }
}
