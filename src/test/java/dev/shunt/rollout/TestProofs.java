package dev.shunt.rollout;

import dev.shunt.core.InFlight;
import dev.shunt.core.Instance;
import dev.shunt.core.Reason;
import dev.shunt.core.Recall;
import dev.shunt.routing.TestRouters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What follows rollbacks on one instance of a test, as the application wires it. */
final class TestProofs implements AutoCloseable {

    private final ProofFollower follower;
    private final ProofThread thread;
    private final RollbackProofs proofs;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    TestProofs(TestControl control, String instance, InFlight inFlight, InFlightPolicy policy) {
        var store = new ProofStore(control.source());
        var flights = new Flights(inFlight, (workload, keys) -> Set.of(), List.of());
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

    @Override
    public void close() {
        thread.stop();
    }
}
