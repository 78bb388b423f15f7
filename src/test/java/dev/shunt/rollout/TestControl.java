package dev.shunt.rollout;

import dev.shunt.core.InFlight;
import dev.shunt.core.Percentage;
import dev.shunt.core.Preflight;
import dev.shunt.core.Workload;
import dev.shunt.routing.FlagDatabase;
import dev.shunt.routing.Router;
import dev.shunt.routing.TestRouters;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.sql.DataSource;

/** One instance's control with its recorder and, if it is asked for, its controller, as the application wires them. */
public final class TestControl implements AutoCloseable {

    /** Three phases without baking, looked at every second. */
    public static final Plan PLAN = plan(false);

    /** What the preflight finds before a start. */
    private volatile Preflight.Finding preflight = new Preflight.Finding.Pass("as told");

    /** What the preflight finds before each raise. */
    private volatile Function<Workload, Preflight.Finding> raise = workload -> new Preflight.Finding.Pass("as told");

    private final ExecutorService work = Executors.newFixedThreadPool(8);
    private final Router router;
    private final RollbackRecorder recorder;
    private final AtomicInteger recallOrders = new AtomicInteger();
    private final Recalls recalls;
    private final RolloutControl control;
    private final RolloutOperations operations;
    private final ProgressReader progress;
    private final RolloutStory story;
    private final PinBook pins;
    private final IdempotencyKeys keys;
    private final RolloutStore store;
    private final Controller controller;
    private final PendingRollbacks pending;
    private final Fences fences;
    private final DataSource source;
    private final SettableGates gates;

    public TestControl(TestRouters routers, String instance, FlagDatabase database, InFlight inFlight, Path data) {
        this(routers, instance, database, inFlight, data, new SettableGates(), PLAN, TestControl::rest);
    }

    TestControl(
            TestRouters routers,
            String instance,
            FlagDatabase database,
            InFlight inFlight,
            Path data,
            SettableGates gates,
            Plan plan,
            Controller.Pace pace) {
        var connections = database.connections("shunt-rollout");
        var flag = new FlagWriter(connections);
        var fences = new Fences(inFlight, flag);
        var folder = new OrderFolder(data.resolve("rollback-orders"));
        var catalog = routers.catalog();
        Clock clock = Clock.systemUTC();
        router = routers.created(instance, true);
        source = connections;
        this.gates = gates;
        this.fences = fences;
        pending = new PendingRollbacks(folder, flag, fences, inFlight, router, catalog, clock);
        var plans = new Plans(Map.of(TestRouters.TRACE, plan), plan);
        store = new RolloutStore(connections, catalog);
        var recognition = new Recognition(store, plans);
        var judge = new Judge(plans, gates, router);
        recorder = new RollbackRecorder(pending, fences, catalog);
        recalls = new Recalls(
                (workload, moved) -> recallOrders.incrementAndGet(),
                inFlight,
                workload -> InFlightPolicy.FINISH,
                new RecalledCounts());
        control = new RolloutControl(
                catalog,
                router,
                inFlight,
                flag,
                new FlagHistory(connections),
                fences,
                pending,
                recalls,
                order -> {},
                recognition::tryToRecognise,
                List.of(new Told(workload -> raise.apply(workload))),
                clock);
        operations = new RolloutOperations(
                store, control, judge, plans, new Preflights(List.of(new Told(workload -> preflight))), List.of());
        progress = new ProgressReader(store, plans, gates, judge);
        story = new RolloutStory(connections, catalog);
        pins = new PinBook(connections, store, control);
        keys = new IdempotencyKeys(connections);
        var acts = new ControllerActs(
                store,
                control,
                operations,
                judge,
                fences,
                (order, epoch) -> work.execute(() -> control.follow(order, epoch)),
                clock);
        controller = new Controller(
                database.connections("shunt-controller"), store, plans, catalog, recognition, judge, acts, work, pace);
    }

    static Plan plan(boolean automaticPromotion) {
        return new Plan(
                List.of(
                        new Phase("ten", new Percentage(1_000), Duration.ZERO, 0, SettableGates.usual()),
                        new Phase("fifty", new Percentage(5_000), Duration.ZERO, 0, SettableGates.usual()),
                        new Phase("hundred", Percentage.ALL, Duration.ZERO, 0, SettableGates.usual())),
                Percentage.ZERO,
                automaticPromotion,
                true,
                Duration.ofHours(1),
                Duration.ofSeconds(1),
                InFlightPolicy.FINISH,
                Duration.ZERO);
    }

    static boolean rest(Duration duration) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(duration.toNanos());
        return false;
    }

    public TestControl started() {
        router.start();
        recorder.start();
        return this;
    }

    TestControl watching() {
        started();
        controller.start();
        return this;
    }

    /** Recalls that say, instead of how many items they moved, how many they have been until now. */
    public Recalls recalls() {
        return recalls;
    }

    public RolloutControl control() {
        return control;
    }

    PendingRollbacks pending() {
        return pending;
    }

    Fences fences() {
        return fences;
    }

    DataSource source() {
        return source;
    }

    public SettableGates gates() {
        return gates;
    }

    void findBeforeStart(Preflight.Finding finding) {
        preflight = finding;
    }

    void findBeforeEachRaise(Function<Workload, Preflight.Finding> finding) {
        raise = finding;
    }

    private record Told(Function<Workload, Finding> finding) implements Preflight {
        @Override
        public String subject() {
            return "told";
        }

        @Override
        public Finding check(Workload workload) {
            return finding.apply(workload);
        }
    }

    public RolloutOperations operations() {
        return operations;
    }

    public ProgressReader progress() {
        return progress;
    }

    public RolloutStory story() {
        return story;
    }

    public PinBook pins() {
        return pins;
    }

    public IdempotencyKeys keys() {
        return keys;
    }

    RolloutStore store() {
        return store;
    }

    Controller controller() {
        return controller;
    }

    public Router router() {
        return router;
    }

    /** Ends this instance as a clean stop does; its orders stay in its folder. */
    @Override
    public void close() {
        controller.stop();
        recorder.stop();
        router.stop();
        work.shutdownNow();
    }
}
