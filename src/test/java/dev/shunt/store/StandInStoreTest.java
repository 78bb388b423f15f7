package dev.shunt.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.shunt.core.Workload;
import dev.shunt.embedded.TestBackends;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StandInStoreTest {

    @Test
    void every_question_gives_its_connection_back() {
        var config = new HikariConfig();
        config.setDataSource(TestBackends.migratedDatabase());
        config.setMaximumPoolSize(1);
        config.setConnectionTimeout(Duration.ofSeconds(2).toMillis());
        try (var one = new HikariDataSource(config)) {
            var standIn = TestStandIn.in(one);
            for (int again = 0; again < 3; again++) {
                assertThat(standIn.open(new Workload("trace"), Instant.now())).isEmpty();
                assertThat(standIn.size(new Workload("trace"))).isZero();
            }
            assertThat(one.getHikariPoolMXBean().getActiveConnections()).isZero();
        }
    }
}
