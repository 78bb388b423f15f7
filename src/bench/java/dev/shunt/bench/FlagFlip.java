package dev.shunt.bench;

import dev.shunt.core.Route;
import dev.shunt.embedded.TestBackends;
import dev.shunt.routing.Router;
import dev.shunt.routing.TestRouters;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/** From the commit of a plain SQL update of the flag to the first decision that obeys it, with one and eight instances. */
final class FlagFlip {

    private static final long LOOK_EVERY_NS = 50_000;
    private static final long GIVE_UP_NS = Duration.ofSeconds(10).toNanos();
    private static final int ROUNDS = 4;

    private final List<Double> commit = new ArrayList<>();
    private final List<Double> each = new ArrayList<>();
    private final List<Double> last = new ArrayList<>();
    private final List<Double> roundTails = new ArrayList<>();

    private FlagFlip() {}

    static void run() throws SQLException {
        int flips = Bench.size("flips", 200);
        var report = new Report(
                "5-flag-flip",
                "5. Flag flip: SQL commit to obeyed",
                Servers.environment(),
                "instances",
                "flips",
                "figure (ms)",
                "p50",
                "p95",
                "p99",
                "max",
                "p95 of each round");
        var one = new FlagFlip();
        var eight = new FlagFlip();
        for (int round = 0; round < ROUNDS; round++) {
            one.round(1, flips / ROUNDS);
            eight.round(8, flips / ROUNDS);
        }
        one.add(report, 1);
        eight.add(report, 8);
        report.note(
                "Looked at every 50 us; the update's own time is measured in the client and begins before it is sent.");
        report.note("Wanted: p95 of commit to obeyed at most 20 ms.");
        report.publish();
    }

    private void round(int instances, int flips) throws SQLException {
        DataSource database = TestBackends.migratedDatabase();
        List<Double> tail = new ArrayList<>();
        try (var routers = new TestRouters(TestRouters.database(database), Duration.ofSeconds(5));
                Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            List<Router> all = new ArrayList<>();
            for (int i = 0; i < instances; i++) {
                all.add(routers.started("bench-" + i));
            }
            var random = new SplittableRandom(5);
            flip(statement, all, true);
            flip(statement, all, false);
            for (int i = 0; i < flips; i++) {
                LockSupport.parkNanos(random.nextLong(5_000_000, 30_000_000));
                long[] obeyed = flip(statement, all, i % 2 == 0);
                commit.add(obeyed[instances] / 1e6);
                for (int r = 0; r < instances; r++) {
                    each.add(obeyed[r] / 1e6);
                }
                double slowest = Arrays.stream(obeyed, 0, instances).max().orElseThrow() / 1e6;
                last.add(slowest);
                tail.add(slowest);
            }
        }
        roundTails.add(new Rounds(tail).percentile(95));
    }

    /** Nanoseconds from commit to obedience of each router, and last how long the update took. */
    private static long[] flip(Statement statement, List<Router> routers, boolean toTemporal) throws SQLException {
        Route wanted = toTemporal ? Route.TEMPORAL : Route.LEGACY;
        long[] times = new long[routers.size() + 1];
        boolean[] obeys = new boolean[routers.size()];
        long begun = System.nanoTime();
        statement.executeUpdate("update ff4j_features set expression = 'bp=" + (toTemporal ? 10_000 : 0)
                + "' where feat_uid = '" + TestRouters.FEATURE + "'");
        long committed = System.nanoTime();
        times[routers.size()] = committed - begun;
        int left = routers.size();
        while (left > 0) {
            for (int i = 0; i < obeys.length; i++) {
                if (!obeys[i] && routers.get(i).decide(TestRouters.TRACE, "p:1").executed() == wanted) {
                    times[i] = System.nanoTime() - committed;
                    obeys[i] = true;
                    left--;
                }
            }
            if (System.nanoTime() - committed > GIVE_UP_NS) {
                throw new IllegalStateException(left + " instances do not obey after 10 s");
            }
            LockSupport.parkNanos(LOOK_EVERY_NS);
        }
        return times;
    }

    private void add(Report report, int instances) {
        row(report, instances, "update itself, with its commit", commit, "");
        if (instances > 1) {
            row(report, instances, "commit to obeyed, each instance", each, "");
            row(report, instances, "commit to obeyed by the last one", last, new Rounds(roundTails).shown());
        } else {
            row(report, instances, "commit to obeyed", last, new Rounds(roundTails).shown());
        }
        report.values("last of " + instances + ", ms", last);
    }

    private static void row(Report report, int instances, String figure, List<Double> values, String rounds) {
        var all = new Rounds(values);
        report.row(
                Integer.toString(instances),
                Integer.toString(all.count()),
                figure,
                Rounds.number(all.median()),
                Rounds.number(all.percentile(95)),
                Rounds.number(all.percentile(99)),
                Rounds.number(all.most()),
                rounds);
    }
}
