package dev.shunt.rollout;

import static dev.shunt.routing.TestRouters.TRACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.contract.InMemoryInFlight;
import dev.shunt.core.Recall;
import dev.shunt.core.UnavailableException;
import dev.shunt.embedded.TestBackends;
import dev.shunt.routing.TestRouters;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** What the proof of a rollback says was recalled is what was recalled, whatever fails on the way. */
class RecalledCountsTest {

    private static final RollbackOrder ORDER = new RollbackOrder(
            "id-1", TRACE, Actor.unverified("alice"), "it hurts", Instant.EPOCH, InFlightPolicy.RECALL);

    private final DataSource source = TestBackends.migratedDatabase();
    private final RecalledCounts counts = new RecalledCounts();

    @BeforeEach
    void record() {
        JdbcClient.create(source).sql("""
                        insert into rollback_proof (id, workload, epoch, ordered_at, ordered_by, verified, reason)
                        values ('id-1', 'trace', 8, clock_timestamp(), 'alice', false, 'it hurts')
                        """).update();
    }

    @Test
    void what_was_moved_before_a_recall_failed_counts() {
        Recall failing = (workload, moved) -> {
            moved.run();
            moved.run();
            throw new UnavailableException("Redis is away", Duration.ofSeconds(1), null);
        };
        var recalls = new Recalls(failing, new InMemoryInFlight(), workload -> InFlightPolicy.RECALL, counts);

        assertThat(recalls.afterRollback(ORDER)).singleElement().asString().contains("not everything");
        counts.pay(new ProofStore(source), "one");

        assertThat(recalled()).isEqualTo(2);
    }

    @Test
    void an_answer_of_the_database_that_is_lost_counts_nothing_twice() {
        var lost = new AtomicBoolean(true);
        var store = new ProofStore(losingAnswers(lost));
        counts.add("id-1", 3);

        assertThatThrownBy(() -> counts.pay(store, "one")).isInstanceOf(UnavailableException.class);
        lost.set(false);
        counts.pay(store, "one");

        assertThat(recalled()).isEqualTo(3);
    }

    @Test
    void what_several_instances_and_the_version_before_recalled_is_added_up() {
        var store = new ProofStore(source);
        JdbcClient.create(source)
                .sql("update rollback_proof set recalled = 10 where id = 'id-1'")
                .update();
        var other = new RecalledCounts();
        counts.add("id-1", 3);
        other.add("id-1", 4);
        counts.pay(store, "one");
        other.pay(store, "two");
        counts.add("id-1", 2);
        counts.pay(store, "one");
        counts.pay(store, "one");

        assertThat(recalled()).isEqualTo(10 + 5 + 4);
    }

    @Test
    void what_a_rollback_that_is_not_recorded_yet_recalled_is_noted_once_it_is() {
        var store = new ProofStore(source);
        counts.add("id-2", 3);
        counts.pay(store, "one");
        JdbcClient.create(source).sql("update rollback_proof set id = 'id-2'").update();
        counts.pay(store, "one");

        assertThat(store.find(TRACE, TestRouters.FEATURE, "id-2").orElseThrow().recalled())
                .isEqualTo(3);
    }

    private long recalled() {
        return new ProofStore(source)
                .find(TRACE, TestRouters.FEATURE, "id-1")
                .orElseThrow()
                .recalled();
    }

    /** Each update is committed, and its caller does not hear of it. */
    private DataSource losingAnswers(AtomicBoolean lost) {
        return new AbstractDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                return (Connection) losing(Connection.class, source.getConnection());
            }

            @Override
            public Connection getConnection(String user, String password) throws SQLException {
                return getConnection();
            }

            private Object losing(Class<?> type, Object real) {
                return Proxy.newProxyInstance(
                        type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                            Object answer = call(real, method, arguments);
                            if (method.getName().equals("executeUpdate") && lost.get()) {
                                throw new SQLException("the connection broke", "08006");
                            }
                            return method.getName().equals("prepareStatement")
                                    ? losing(java.sql.PreparedStatement.class, answer)
                                    : answer;
                        });
            }

            private Object call(Object real, Method method, Object[] arguments) throws Throwable {
                try {
                    return method.invoke(real, arguments);
                } catch (InvocationTargetException fault) {
                    throw fault.getCause();
                }
            }
        };
    }
}
