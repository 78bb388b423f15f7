package dev.shunt.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.shunt.core.StandIn;
import dev.shunt.core.Workload;
import dev.shunt.embedded.TestBackends;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StandInStoreTest {

    private static final Workload TRACE = new Workload("trace");

    @Test
    void every_look_gives_its_connection_back() {
        var config = new HikariConfig();
        config.setDataSource(TestBackends.migratedDatabase());
        config.setMaximumPoolSize(1);
        config.setConnectionTimeout(1_000);
        try (var pool = new HikariDataSource(config)) {
            StandIn standIn = TestStandIn.in(pool);
            assertThatCode(() -> {
                        for (int look = 0; look < 3; look++) {
                            assertThat(standIn.open(TRACE, Instant.now())).isEmpty();
                            assertThat(standIn.size(TRACE)).isZero();
                            assertThat(standIn.giveBack(TRACE, 10, standing -> {}))
                                    .isZero();
                        }
                    })
                    .doesNotThrowAnyException();
        }
    }
}
