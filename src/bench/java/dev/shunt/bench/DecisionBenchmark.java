package dev.shunt.bench;

import com.launchdarkly.sdk.LDContext;
import com.launchdarkly.sdk.server.Components;
import com.launchdarkly.sdk.server.LDClient;
import com.launchdarkly.sdk.server.LDConfig;
import com.launchdarkly.sdk.server.integrations.FileData;
import dev.shunt.core.Bucket;
import dev.shunt.core.RouteDecision;
import dev.shunt.embedded.TestBackends;
import dev.shunt.routing.CachedTables;
import dev.shunt.routing.Router;
import dev.shunt.routing.TestRouters;
import io.getunleash.DefaultUnleash;
import io.getunleash.UnleashContext;
import io.getunleash.util.UnleashConfig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.togglz.core.Feature;
import org.togglz.core.activation.GradualActivationStrategy;
import org.togglz.core.manager.FeatureManager;
import org.togglz.core.manager.FeatureManagerBuilder;
import org.togglz.core.repository.FeatureState;
import org.togglz.core.repository.StateRepository;
import org.togglz.core.repository.cache.CachingStateRepository;
import org.togglz.core.repository.jdbc.JDBCStateRepository;
import org.togglz.core.repository.mem.InMemoryStateRepository;
import org.togglz.core.user.SimpleFeatureUser;
import org.togglz.core.user.thread.ThreadLocalUserProvider;

/** The cases of {@link Decision}. Each takes the next of 1,024 keys and asks for 25 %. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH fills states in their set-up
public class DecisionBenchmark {

    private static final int BASIS_POINTS = 2_500;

    /** Keys, and the thread's own processor time around each iteration. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Keys {

        private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

        public long nanos;
        public long decisions;
        private final String[] keys = new String[1024];
        private int next;
        private long since;

        @Setup(Level.Trial)
        public void make() {
            var random = new SplittableRandom(1);
            for (int i = 0; i < keys.length; i++) {
                keys[i] = String.format("default:%016x%016x", random.nextLong(), random.nextLong());
            }
        }

        @Setup(Level.Iteration)
        public void begin() {
            decisions = 0;
            since = THREADS.getCurrentThreadCpuTime();
        }

        @TearDown(Level.Iteration)
        public void end() {
            nanos = THREADS.getCurrentThreadCpuTime() - since;
        }

        String next() {
            decisions++;
            next = (next + 1) & 1023;
            return keys[next];
        }
    }

    static DataSource database() {
        return TestBackends.dataSource(System.getProperty(Decision.DATABASE));
    }

    static void set(DataSource database, String strategy, String expression) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("update ff4j_features set strategy = '" + strategy + "', expression = '"
                    + expression + "' where feat_uid = '" + TestRouters.FEATURE + "'");
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Shunt's router as it runs: its listener reads the flag from Postgres. */
    @State(Scope.Benchmark)
    public static class Shunt {

        private TestRouters routers;
        private Router router;

        @Setup
        public void start() {
            DataSource database = database();
            set(database, "dev.shunt.routing.StickyBasisPoints", "bp=" + BASIS_POINTS);
            routers = new TestRouters(TestRouters.database(database), Duration.ofSeconds(60));
            router = routers.started("bench");
        }

        @TearDown
        public void stop() {
            routers.close();
        }
    }

    /** FF4j's own way: its JDBC store behind its cache. */
    @State(Scope.Benchmark)
    public static class OwnStore {

        private CachedTables tables;

        @Setup
        public void start() {
            DataSource database = database();
            set(database, "dev.shunt.routing.StickyBasisPoints", "bp=" + BASIS_POINTS);
            tables = new CachedTables(database, TestRouters.FEATURE);
        }

        @TearDown
        public void stop() {
            tables.close();
        }
    }

    /** Togglz with its gradual strategy: in memory, and as several instances share it, in a database behind its cache. */
    @State(Scope.Benchmark)
    public static class Togglz {

        /** Its features are enums. */
        public enum Flag implements Feature {
            TEMPORAL
        }

        private FeatureManager manager;
        private FeatureManager shared;

        @Setup
        public void start() {
            manager = manager(new InMemoryStateRepository());
            shared = manager(new CachingStateRepository(new JDBCStateRepository(database()), 10_000));
        }

        private static FeatureManager manager(StateRepository repository) {
            FeatureManager made = new FeatureManagerBuilder()
                    .featureEnum(Flag.class)
                    .stateRepository(repository)
                    .userProvider(new ThreadLocalUserProvider())
                    .build();
            var state = new FeatureState(Flag.TEMPORAL, true);
            state.setStrategyId(GradualActivationStrategy.ID);
            state.setParameter(GradualActivationStrategy.PARAM_PERCENTAGE, "25");
            made.setFeatureState(state);
            return made;
        }

        /** As its servlet filter does around a request: the user is bound, asked for, and released. */
        private static boolean ask(FeatureManager manager, String key) {
            ThreadLocalUserProvider.bind(new SimpleFeatureUser(key));
            try {
                return manager.isActive(Flag.TEMPORAL);
            } finally {
                ThreadLocalUserProvider.release();
            }
        }
    }

    /** Unleash with flexibleRollout from a bootstrap, never asking a server. */
    @State(Scope.Benchmark)
    public static class Unleash {

        private DefaultUnleash unleash;

        @Setup
        public void start() {
            String features = """
                    {"version":2,"features":[{"name":"temporal","type":"release","enabled":true,"strategies":[\
                    {"name":"flexibleRollout","constraints":[],"parameters":{"rollout":"25","stickiness":"userId",\
                    "groupId":"temporal"}}]}]}""";
            unleash = new DefaultUnleash(UnleashConfig.builder()
                    .appName("bench")
                    .instanceId("bench")
                    .unleashAPI(URI.create("http://127.0.0.1:9/api"))
                    .apiKey("none")
                    .disablePolling()
                    .disableMetrics()
                    .toggleBootstrapProvider(() -> Optional.of(features))
                    .build());
        }

        @TearDown
        public void stop() {
            unleash.shutdown();
        }
    }

    /** LaunchDarkly on a file, without events. */
    @State(Scope.Benchmark)
    public static class LaunchDarkly {

        private LDClient client;

        @Setup
        public void start() throws IOException {
            String flags = """
                    {"flags":{"temporal":{"key":"temporal","on":true,"version":1,"salt":"s","variations":[true,false],\
                    "offVariation":1,"fallthrough":{"rollout":{"variations":[{"variation":0,"weight":25000},\
                    {"variation":1,"weight":75000}]}}}}}""";
            Path file = Files.writeString(Files.createTempFile("flags", ".json"), flags);
            file.toFile().deleteOnExit();
            client = new LDClient(
                    "none",
                    new LDConfig.Builder()
                            .dataSource(FileData.dataSource().filePaths(file))
                            .events(Components.noEvents())
                            .build());
        }

        @TearDown
        public void stop() throws IOException {
            client.close();
        }
    }

    @Benchmark
    public String key(Keys keys) {
        return keys.next();
    }

    @Benchmark
    public Bucket bucket(Keys keys) {
        return Bucket.of(TestRouters.TRACE, keys.next());
    }

    @Benchmark
    public RouteDecision shunt(Keys keys, Shunt shunt) {
        return shunt.router.decide(TestRouters.TRACE, keys.next());
    }

    @Benchmark
    public boolean ff4jOwnStoreAndCache(Keys keys, OwnStore store) {
        return store.tables.toTemporal(TestRouters.TRACE, keys.next());
    }

    @Benchmark
    public boolean togglz(Keys keys, Togglz togglz) {
        return Togglz.ask(togglz.manager, keys.next());
    }

    @Benchmark
    public boolean togglzOwnStoreAndCache(Keys keys, Togglz togglz) {
        return Togglz.ask(togglz.shared, keys.next());
    }

    @Benchmark
    public boolean unleash(Keys keys, Unleash unleash) {
        return unleash.unleash.isEnabled(
                "temporal", UnleashContext.builder().userId(keys.next()).build());
    }

    @Benchmark
    public boolean launchDarkly(Keys keys, LaunchDarkly darkly) {
        return darkly.client.boolVariation("temporal", LDContext.create(keys.next()), false);
    }
}
