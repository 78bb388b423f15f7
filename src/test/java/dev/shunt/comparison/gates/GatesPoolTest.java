package dev.shunt.comparison.gates;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.shunt.comparison.GateFinding;
import dev.shunt.comparison.GateMode;
import dev.shunt.comparison.GateQuestion;
import dev.shunt.comparison.GateSpec;
import dev.shunt.comparison.Gates;
import dev.shunt.core.Epoch;
import dev.shunt.core.Percentage;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.core.WorkloadSettings;
import dev.shunt.embedded.TestBackends;
import dev.shunt.store.SoleRunner;
import dev.shunt.store.TestPools;
import dev.shunt.store.WatchPool;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The connections of those who must not wait for each other, wired as in the service. */
class GatesPoolTest {

    private static final Workload TRACE = new Workload("trace");
    private static final WorkloadCatalog CATALOG = new WorkloadCatalog(Map.of(
            TRACE,
            new WorkloadSettings(
                    "cognobserve:traces", "cognobserve:dlq", "trace-to-temporal", "trace", "shunt-trace")));

    private final Address address = new Address((PGSimpleDataSource) TestBackends.migratedDatabase());

    private final ApplicationContextRunner service = new ApplicationContextRunner()
            .withUserConfiguration(TestPools.configurations())
            .withUserConfiguration(GatesConfiguration.class)
            .withPropertyValues("shunt.store.watch.connections=3")
            .withBean(JdbcConnectionDetails.class, () -> address)
            .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
            .withBean(WorkloadCatalog.class, () -> CATALOG)
            .withBean(Clock.class, Clock::systemUTC);

    @Test
    void gates_look_and_locks_are_taken_while_reports_have_all_connections_of_those_who_watch() {
        service.run(context -> {
            DataSource watchers = context.getBean(WatchPool.class).dataSource();
            List<Connection> reports = new ArrayList<>();
            try {
                for (int i = 0; i < watchers.unwrap(HikariDataSource.class).getMaximumPoolSize(); i++) {
                    reports.add(watchers.getConnection());
                }
                var finding = new AtomicReference<GateFinding>();
                boolean ran = context.getBean(SoleRunner.class)
                        .run(
                                "look",
                                () -> finding.set(context.getBean(Gates.class)
                                        .evaluate(question())
                                        .findings()
                                        .getFirst()));

                assertThat(ran).isTrue();
                assertThat(Objects.requireNonNull(finding.get()).words()).doesNotContain("cannot be read");
            } finally {
                for (Connection report : reports) {
                    report.close();
                }
            }
        });
    }

    @Test
    void the_server_ends_a_transaction_of_the_work_that_stands_still() {
        new ApplicationContextRunner()
                .withInitializer(new ConfigDataApplicationContextInitializer())
                .withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class))
                .withBean(JdbcConnectionDetails.class, () -> address)
                .run(context -> assertThat(JdbcClient.create(context.getBean(DataSource.class))
                                .sql("""
                                        select name || '=' || setting from pg_settings where name in
                                        ('idle_in_transaction_session_timeout', 'tcp_keepalives_idle', 'tcp_user_timeout')
                                        order by name
                                        """)
                                .query(String.class)
                                .list())
                        .containsExactly(
                                "idle_in_transaction_session_timeout=15000",
                                "tcp_keepalives_idle=5",
                                "tcp_user_timeout=15000"));
    }

    private static GateQuestion question() {
        Instant start = Instant.now();
        return new GateQuestion(
                TRACE,
                "1",
                start,
                "10 %",
                start,
                new Percentage(1_000),
                Percentage.ZERO,
                new Epoch(7),
                50,
                List.of(GateSpec.of(GateSpec.DIVERGENCE, GateMode.ROLLBACK)));
    }

    private record Address(PGSimpleDataSource database) implements JdbcConnectionDetails {

        @Override
        public String getJdbcUrl() {
            return Objects.requireNonNull(database.getURL());
        }

        @Override
        public @Nullable String getUsername() {
            return database.getUser();
        }

        @Override
        public @Nullable String getPassword() {
            return database.getPassword();
        }
    }
}
