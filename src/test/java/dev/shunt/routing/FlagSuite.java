package dev.shunt.routing;

import static dev.shunt.routing.TestRouters.FEATURE;
import static dev.shunt.routing.TestRouters.TRACE;
import static org.awaitility.Awaitility.await;

import dev.shunt.embedded.TestBackends;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The flag in a database of its own, and an instance that obeys it. */
abstract class FlagSuite {

    final DataSource database = TestBackends.migratedDatabase();
    final JdbcClient sql = JdbcClient.create(database);
    final TestRouters routers = new TestRouters(TestRouters.database(database), Duration.ofSeconds(5));
    Router router;

    @BeforeEach
    void start() {
        router = routers.started("one");
    }

    @AfterEach
    void stop() {
        routers.close();
    }

    void set(int basisPoints) {
        sql.sql("update ff4j_features set expression = ? where feat_uid = ?")
                .params("bp=" + basisPoints, FEATURE)
                .update();
    }

    void awaitPercentage(int basisPoints) {
        await().pollInterval(Duration.ofMillis(1))
                .until(() -> router.snapshot(TRACE).percentage().basisPoints() == basisPoints);
    }
}
