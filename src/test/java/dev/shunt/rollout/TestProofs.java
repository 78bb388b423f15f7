package dev.shunt.rollout;

import dev.shunt.core.InFlight;
import dev.shunt.core.Instance;
import dev.shunt.core.Item;
import dev.shunt.core.ItemKey;
import dev.shunt.core.Reason;
import dev.shunt.core.Recall;
import dev.shunt.core.Route;
import dev.shunt.core.RouteDecision;
import dev.shunt.core.RouteGateway;
import dev.shunt.core.Workload;
import dev.shunt.routing.TestRouters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What follows rollbacks on one instance of a test, as the application wires it. */
final class TestProofs implements AutoCloseable {

    private final ProofFollower follower;
    private final ProofThread thread;
    private final RollbackProofs proofs;
    private final Map<ItemKey, String> workflows = new ConcurrentHashMap<>();
    private final Set<ItemKey> settled = ConcurrentHashMap.newKeySet();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    TestProofs(TestControl control, String instance, InFlight inFlight, InFlightPolicy policy) {
        var store = new ProofStore(control.source());
        var flights = new Flights(inFlight, (workload, keys) -> settled, List.of(new Described()));
        Recall recall =
                (workload, moved) -> (int) inFlight.registered(workload, Instant.MAX, Optional.empty(), 1_000).stream()
                        .filter(one -> inFlight.handToLegacy(workload, one.key(), Reason.RECALL))
                        .peek(one -> moved.run())
                        .count();
        var orders = new InFlightOrders(
                recall,
                inFlight,
                control.pending(),
                store,
                new RecalledCounts(),
                workload -> policy,
                new Instance(instance),
                Clock.systemUTC());
        follower = new ProofFollower(
                store,
                control.fences(),
                inFlight,
                flights,
                orders,
                control.router(),
                TestRouters.CATALOG,
                new Instance(instance),
                meters);
        thread = new ProofThread(follower, () -> {});
        proofs = new RollbackProofs(
                store, control.pending(), control.fences(), flights, orders, control.router(), TestRouters.CATALOG);
    }

    TestProofs started() {
        thread.start();
        return this;
    }

    ProofFollower follower() {
        return follower;
    }

    RollbackProofs proofs() {
        return proofs;
    }

    SimpleMeterRegistry meters() {
        return meters;
    }

    /** What Temporal says of an item from now on; of others it knows nothing. */
    void says(ItemKey key, String status) {
        workflows.put(key, status);
    }

    /** Its ledger row is complete. */
    void settled(ItemKey key) {
        settled.add(key);
    }

    @Override
    public void close() {
        thread.stop();
    }

    /** Temporal as far as a proof asks it. */
    private final class Described implements RouteGateway {

        @Override
        public Route route() {
            return Route.TEMPORAL;
        }

        @Override
        public Optional<Description> describe(Workload workload, ItemKey key) {
            return Optional.ofNullable(workflows.get(key))
                    .map(status -> new Description(Route.TEMPORAL, status, null, null, null));
        }

        @Override
        public Optional<String> unready(Workload workload) {
            return Optional.empty();
        }

        @Override
        public Dispatch dispatch(Item item, RouteDecision decision) {
            throw new UnsupportedOperationException("a proof starts nothing");
        }

        @Override
        public boolean cancel(Workload workload, ItemKey key, String why) {
            throw new UnsupportedOperationException("a proof cancels nothing");
        }

        @Override
        public boolean signal(Workload workload, ItemKey key, String signal, byte[] json) {
            throw new UnsupportedOperationException("a proof signals nothing");
        }
    }
}
