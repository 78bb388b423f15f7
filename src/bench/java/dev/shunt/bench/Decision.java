package dev.shunt.bench;

import dev.shunt.embedded.TestBackends;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.postgresql.ds.PGSimpleDataSource;

/** One decision: thread time and allocation, through FF4j with Shunt's snapshot and through other libraries. */
final class Decision {

    static final String DATABASE = "shunt.bench.database";

    private static final String OURS = "shunt";
    private static final List<String> OTHERS = List.of("togglz", "unleash", "launchDarkly");

    /** One case: nanoseconds of its thread and bytes for each decision, of each iteration. */
    private record Case(List<Double> nanos, List<Double> bytes) {}

    private Decision() {}

    static void run() throws Exception {
        DataSource database = TestBackends.migratedDatabase();
        var options = new OptionsBuilder()
                .include(DecisionBenchmark.class.getName())
                .forks(Bench.size("forks", 2))
                .warmupIterations(Bench.size("warmups", 8))
                .warmupTime(TimeValue.milliseconds(500))
                .measurementIterations(Bench.size("iterations", 12))
                .measurementTime(TimeValue.milliseconds(250))
                .addProfiler(GCProfiler.class)
                .jvmArgsAppend("-D" + DATABASE + "=" + address((PGSimpleDataSource) database))
                .build();
        Map<String, Case> cases = cases(new Runner(options).run());
        publish(cases);
    }

    private static String address(PGSimpleDataSource database) {
        String url = database.getURL();
        return url + (url.contains("?") ? "&" : "?") + "user=" + database.getUser() + "&password="
                + database.getPassword();
    }

    @SuppressWarnings("rawtypes") // as JMH declares them
    private static Map<String, Case> cases(Collection<RunResult> results) throws RunnerException {
        Map<String, Case> cases = new TreeMap<>();
        for (RunResult result : results) {
            BenchmarkParams params = result.getParams();
            String name = params.getBenchmark().replaceAll(".*\\.", "");
            var one = new Case(new ArrayList<>(), new ArrayList<>());
            result.getBenchmarkResults()
                    .forEach(fork -> fork.getIterationResults().forEach(iteration -> {
                        Map<String, Result> figures = iteration.getSecondaryResults();
                        one.nanos().add(score(figures, "nanos") / score(figures, "decisions"));
                        one.bytes().add(score(figures, "gc.alloc.rate.norm"));
                    }));
            cases.put(name, one);
        }
        return cases;
    }

    @SuppressWarnings("rawtypes") // as JMH declares them
    private static double score(Map<String, Result> figures, String name) {
        return figures.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith(name))
                .mapToDouble(entry -> entry.getValue().getScore())
                .findFirst()
                .orElse(Double.NaN);
    }

    private static void publish(Map<String, Case> cases) throws Exception {
        var report = new Report(
                "1-decision",
                "1. Decision: 1,024 keys at 25 %",
                Servers.environment(),
                "case",
                "thread CPU, ns: least",
                "median (least..most)",
                "B",
                "of Shunt");
        Case ours = cases.get(OURS);
        double base = ours == null ? Double.NaN : new Rounds(ours.nanos()).median();
        cases.forEach((name, one) -> {
            var nanos = new Rounds(one.nanos());
            report.row(
                    name,
                    Rounds.number(nanos.least()),
                    nanos.shown(),
                    Rounds.number(new Rounds(one.bytes()).median()),
                    Rounds.number(nanos.median() / base));
            report.values(name + ", ns", one.nanos());
        });
        double cheapest = cases.entrySet().stream()
                .filter(one -> OTHERS.contains(one.getKey()))
                .mapToDouble(one -> new Rounds(one.getValue().nanos()).median())
                .min()
                .orElse(Double.NaN);
        report.note("The cheapest of the other three takes " + Rounds.number(cheapest / base)
                + " times what Shunt does. A user, context or bucket is made for each question, as a caller has to.");
        report.note("Thread CPU time, not wall time: what other processes take from the core is not in it.");
        report.note(
                "Wanted: at most 100 ns and 64 B, and a quarter of the cheapest of Togglz, Unleash and LaunchDarkly.");
        report.publish();
    }
}
