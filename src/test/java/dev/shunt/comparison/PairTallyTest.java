package dev.shunt.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shunt.comparison.PairTally.End;
import dev.shunt.core.Bucket;
import dev.shunt.core.Delivery;
import dev.shunt.core.Epoch;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Percentage;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.Shadowing.Mode;
import dev.shunt.core.Stamp;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.WayIn;
import dev.shunt.core.Workload;
import dev.shunt.embedded.TestBackends;
import dev.shunt.store.ShadowMinutes.Counts;
import dev.shunt.store.TestShadow;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What is counted once, whatever becomes of the connection. */
class PairTallyTest {

    private static final Workload TRACE = new Workload("trace");
    private static final Instant AT = Instant.parse("2026-11-22T12:00:00Z");

    private final DataSource database = TestBackends.migratedDatabase();
    private boolean refused;
    private boolean commits;
    private boolean answers;
    private final PairTally tally = new PairTally(TestShadow.minutes(proxy(DataSource.class, (self, method, args) -> {
        if (refused) {
            throw new SQLException("sorry, too many clients already", "53300");
        }
        Object result = method.invoke(database, args);
        return result instanceof Connection connection ? unsteady(connection) : result;
    })));

    @Test
    void a_commit_whose_reply_is_lost_does_not_count_an_equal_pair_twice() {
        commits = true;
        pair(End.EQUAL);
        pair(End.DIFFERING);
        tally.flush();
        assertThat(counted()).isEqualTo(new Counts(2, 1, 1, 0, 0, 0, 0));

        answers = true;
        tally.flush();
        tally.flush();
        assertThat(counted()).isEqualTo(new Counts(2, 1, 2, 0, 0, 0, 0));
    }

    @Test
    void of_what_may_be_lost_with_the_connection_the_differing_pairs_are_kept() {
        pair(End.EQUAL);
        pair(End.DIFFERING);
        tally.flush();

        answers = true;
        commits = true;
        tally.flush();
        assertThat(counted()).isEqualTo(new Counts(0, 0, 1, 0, 0, 0, 0));
    }

    @Test
    void what_is_refused_is_kept_for_the_next_time() {
        refused = true;
        pair(End.EQUAL);
        assertThatThrownBy(tally::flush).isInstanceOf(UnavailableException.class);

        refused = false;
        answers = true;
        commits = true;
        tally.flush();
        assertThat(counted()).isEqualTo(new Counts(1, 1, 0, 0, 0, 0, 0));
    }

    private Connection unsteady(Connection connection) {
        return proxy(Connection.class, (self, method, args) -> {
            Object result = method.invoke(connection, args);
            return result instanceof PreparedStatement statement ? unsteady(statement) : result;
        });
    }

    private PreparedStatement unsteady(PreparedStatement statement) {
        return proxy(PreparedStatement.class, (self, method, args) -> {
            if (!method.getName().equals("executeUpdate")) {
                return method.invoke(statement, args);
            }
            Object result = commits ? method.invoke(statement, args) : null;
            if (answers) {
                return result;
            }
            throw new SQLException("An I/O error occurred while sending to the backend.", "08006");
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(PairTallyTest.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private void pair(End end) {
        tally.sampled(item());
        tally.ended(item(), end);
    }

    private static SampledItem item() {
        var key = ItemKey.of("p", "t", "0123456789abcdef");
        var decision = RouteDecision.byFlag(new Bucket(0), Percentage.ZERO, new Epoch(1));
        var stamp = new Stamp(key, decision, WayIn.TAP, AT, "");
        return new SampledItem(Delivery.onLegacy(TRACE, stamp, new byte[1]), Mode.OTHER_ROUTE, AT, null);
    }

    private Counts counted() {
        return PairTally.sum(TestShadow.minutes(database).sums(TRACE, AT, AT.plusSeconds(60)).stream()
                .map(row -> row.counts())
                .toList());
    }
}
