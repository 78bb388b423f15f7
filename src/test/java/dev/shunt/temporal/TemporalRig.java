package dev.shunt.temporal;

import static org.awaitility.Awaitility.await;

import dev.shunt.contract.FaultyHandler;
import dev.shunt.contract.InMemoryClaims;
import dev.shunt.core.Bucket;
import dev.shunt.core.Epoch;
import dev.shunt.core.InFlight;
import dev.shunt.core.Instance;
import dev.shunt.core.Item;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Percentage;
import dev.shunt.core.Reason;
import dev.shunt.core.RetiredWorkloads;
import dev.shunt.core.Route;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.SettledItems;
import dev.shunt.core.Trail;
import dev.shunt.core.WayIn;
import dev.shunt.core.Workload;
import dev.shunt.core.WorkloadCatalog;
import dev.shunt.core.WorkloadDefinition;
import dev.shunt.core.WorkloadSettings;
import dev.shunt.store.GroupWriter;
import dev.shunt.store.TestLanes;
import dev.shunt.workloads.echo.EchoMessage;
import dev.shunt.workloads.echo.EchoTable;
import dev.shunt.workloads.echo.EchoWorkload;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.springframework.util.unit.DataSize;

/** The Temporal route of one instance, put together as in the application, for the echo workload. */
final class TemporalRig implements AutoCloseable {

    static final Workload ECHO = EchoMessage.ECHO;
    static final WorkloadCatalog CATALOG =
            new WorkloadCatalog(Map.of(ECHO, new WorkloadSettings("echo", "echo-dlq", "echo", "echo", "echo")));

    final SettableClock clock = new SettableClock();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final Set<ItemKey> done = ConcurrentHashMap.newKeySet();

    /** When the lives were accepted that ended in a dead letter. */
    final Map<ItemKey, Instant> dead = new ConcurrentHashMap<>();

    /** Whether the echo workload's rollout is completed. */
    volatile boolean completed;

    private final RetiredWorkloads retired = new RetiredWorkloads() {
        @Override
        public boolean isRetired(Workload workload) {
            return completed;
        }

        @Override
        public boolean isReleased(Workload workload) {
            return completed;
        }
    };

    /** Happens right after the sweeper has read the ledger. */
    volatile Runnable afterLedger = () -> {};

    final InMemoryClaims bodies = new InMemoryClaims();
    final EchoTable table;
    final FaultyHandler handler;
    final Workflows workflows;
    final TemporalGateway gateway;
    final Starter starter;
    final Sweeper sweeper;
    final EndedRuns endedRuns;
    final Recaller recaller;
    final TemporalRoute route;
    final TemporalConnection connection;
    private final GroupWriter<EchoMessage> lane;
    volatile RouteDecision now = decision(Percentage.ALL, 7);

    TemporalRig(Settings chosen, InFlight inFlight, DataSource database) {
        TemporalSettings settings = chosen.build();
        table = EchoTable.in(database);
        lane = TestLanes.open("echo", database, table);
        handler = new FaultyHandler(EchoWorkload.handler(lane));
        List<WorkloadDefinition> definitions = List.of(EchoWorkload.create(table, handler, handler, inFlight));
        var catalog = new WorkloadCatalog(
                Map.of(ECHO, new WorkloadSettings("echo", "echo-dlq", "echo", "echo", "echo-" + UUID.randomUUID())));
        var bindings = new Bindings(definitions, catalog);
        var swept = chosen.sweeping ? bindings : new Bindings(List.of(), catalog);
        var ceilings = new Ceilings(settings, clock);
        var deadline = new RpcDeadline();
        var metrics = new RouteMetrics(meters);
        CircuitBreaker breaker = StartBreaker.create(meters);
        connection = new TemporalConnection(
                settings,
                new TemporalTransport(chosen.access),
                new Instance("rig"),
                bindings,
                ceilings,
                deadline,
                Codecs.converter(chosen.codecs),
                meters,
                true,
                Trail.NONE);
        var claimCheck = new ClaimCheck(settings, bodies, metrics);
        workflows = new Workflows(
                settings, connection, bindings, breaker, deadline, ceilings, metrics, claimCheck, Trail.NONE);
        gateway = new TemporalGateway(inFlight, workflows, ceilings, metrics);
        starter = new Starter(settings, inFlight, workflows, ceilings, metrics, clock);
        sweeper = new Sweeper(
                inFlight, settledItems, (workload, key) -> now, bindings, workflows, starter, metrics, clock);
        var reader = new EndedRunsReader(settings, connection, deadline, Codecs.converter(chosen.codecs));
        endedRuns = new EndedRuns(
                retired,
                inFlight,
                settledItems,
                (workload, key) -> now,
                bindings,
                workflows,
                reader,
                bodies,
                ceilings,
                metrics,
                clock);
        recaller = new Recaller(inFlight, workflows, metrics);
        route = new TemporalRoute(
                settings, connection, swept, starter, sweeper, endedRuns, recaller, ceilings, breaker, deadline);
        route.start();
    }

    /** How long the ledger remembers what is finished. */
    volatile Duration memory = Duration.ofDays(30);

    private final SettledItems settledItems = new SettledItems() {
        @Override
        public Set<ItemKey> settled(Workload workload, Map<ItemKey, Instant> lives) {
            return TemporalRig.this.settled(lives);
        }

        @Override
        public Duration memory() {
            return memory;
        }
    };

    private Set<ItemKey> settled(Map<ItemKey, Instant> lives) {
        Set<ItemKey> found = Set.copyOf(lives.keySet().stream()
                .filter(key -> done.contains(key)
                        || !dead.getOrDefault(key, Instant.MIN).isBefore(lives.get(key)))
                .toList());
        afterLedger.run();
        return found;
    }

    static Settings settings(String address) {
        return new Settings(address);
    }

    /** Settings with the keys that tests change. */
    static final class Settings {
        private final String address;
        private String namespace = "default";
        private boolean inMemory;
        // Longer than in the product: these tests also run on a machine that is busy with others.
        private Duration deadline = Duration.ofSeconds(8);
        private boolean sweeping;
        private int perSecond;
        private int inFlight;
        private int queue = 1000;
        private TemporalAccess access = TemporalAccess.PLAIN;
        private CodecSettings codecs = new CodecSettings(List.of(), "", Map.of());

        Settings(String address) {
            this.address = address;
        }

        Settings namespace(String chosen) {
            namespace = chosen;
            return this;
        }

        Settings inMemory() {
            inMemory = true;
            return this;
        }

        /** With the sweeps of the background, the first of which takes all. */
        Settings sweeping() {
            sweeping = true;
            return this;
        }

        Settings deadline(Duration limit) {
            deadline = limit;
            return this;
        }

        Settings perSecond(int starts) {
            perSecond = starts;
            return this;
        }

        Settings inFlight(int workflows) {
            inFlight = workflows;
            return this;
        }

        Settings queue(int places) {
            queue = places;
            return this;
        }

        Settings codecs(CodecSettings chosen) {
            codecs = chosen;
            return this;
        }

        Settings access(TemporalAccess chosen) {
            access = chosen;
            return this;
        }

        TemporalSettings build() {
            return new TemporalSettings(
                    address,
                    namespace,
                    inMemory,
                    deadline,
                    Duration.ofSeconds(5),
                    queue,
                    1,
                    Duration.ofMinutes(10),
                    perSecond,
                    inFlight,
                    20,
                    20,
                    5,
                    5,
                    100,
                    1,
                    DataSize.ofKilobytes(256),
                    Duration.ofSeconds(5),
                    true);
        }
    }

    TemporalRig connected() {
        await().atMost(Duration.ofSeconds(30)).until(() -> route.state().connected());
        return this;
    }

    Item item(String id, String text) {
        return item(id, text, clock.instant());
    }

    Item item(String id, String text, Instant at) {
        return new EchoMessage(id, "p", text).item(WayIn.HTTP, at);
    }

    static RouteDecision decision(Percentage percentage, long epoch) {
        return RouteDecision.byFlag(new Bucket(812), percentage, new Epoch(epoch));
    }

    static RouteDecision onTemporal() {
        return decision(Percentage.ALL, 7);
    }

    /** What the decider answers while the flag cannot be read. */
    static RouteDecision unreadable() {
        return new RouteDecision(
                Route.LEGACY, Route.LEGACY, Reason.LEASE, new Bucket(812), Percentage.ZERO, new Epoch(7));
    }

    /** As the ledger would. */
    void markStoredAsDone() {
        table.keys().forEach(key -> done.add(new ItemKey(key)));
    }

    void awaitStored(String id, String text) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> table.text("p", id).filter(text::equals).isPresent());
    }

    double diverted(Reason reason, String cause) {
        return meters.counter("shunt.temporal.fallbacks", "workload", "echo", "reason", reason.name(), "cause", cause)
                .count();
    }

    double starts(String outcome) {
        return meters.counter("shunt.temporal.starts", "workload", "echo", "outcome", outcome)
                .count();
    }

    @Override
    public void close() {
        route.stop();
        lane.close();
    }
}
