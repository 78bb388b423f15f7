package dev.shunt.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.shunt.core.DoorCodec;
import dev.shunt.core.Item;
import dev.shunt.core.Route;
import dev.shunt.core.RouteDecider;
import dev.shunt.core.RouteGateway;
import dev.shunt.core.RouteGateway.Dispatch;
import dev.shunt.core.WorkloadDefinition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.context.ConfigurableApplicationContext;

/** Items that are put onto Temporal as the door puts them there, without HTTP around it. */
final class TemporalLoad {

    static final int CLIENTS = 16;

    private final App app;
    private final List<Item> items;
    private final RouteGateway gateway;
    private final RouteDecider decider;
    private final AtomicInteger elsewhere = new AtomicInteger();
    private final AtomicInteger left;
    private final long doneBefore;

    /** Reads the items beforehand: that is no part of what is measured. */
    TemporalLoad(App app, String run, int count) {
        this.app = app;
        this.items = items(app, run, count);
        this.gateway = gateway(app.context);
        this.decider = app.context.getBean(RouteDecider.class);
        this.left = new AtomicInteger(count);
        this.doneBefore = app.done();
    }

    static void awaitReady(App app) {
        app.percentage(10_000);
        App.await(
                "Temporal is there",
                60,
                () -> gateway(app.context).unready(App.TRACE).isEmpty());
    }

    /** Items that fell back or were refused. */
    int elsewhere() {
        return elsewhere.get();
    }

    /** Accepted so far. */
    int begun() {
        return items.size() - Math.max(0, left.get());
    }

    /** Keeps at most so many open until all have ended; answers the seconds. */
    double closed(int open) throws InterruptedException {
        var room = new Semaphore(open);
        long begun = System.nanoTime();
        List<Thread> clients = clients(room);
        int released = 0;
        while (released < items.size()) { // as many new ones as have ended since the last look
            int begunSoFar = released + open - room.availablePermits();
            int ended = (int) Math.max(released, begunSoFar - app.inFlight() - CLIENTS);
            if (left.get() <= 0 && app.inFlight() == 0 && clients.stream().noneMatch(Thread::isAlive)) {
                ended = items.size();
            }
            room.release(ended - released);
            released = ended;
            Thread.sleep(10);
        }
        return (System.nanoTime() - begun) / 1e9;
    }

    /** Starts all of them as fast as that goes; answers the seconds that took. */
    double all() throws InterruptedException {
        long begun = System.nanoTime();
        for (Thread client : clients(new Semaphore(items.size()))) {
            client.join();
        }
        return (System.nanoTime() - begun) / 1e9;
    }

    private List<Thread> clients(Semaphore room) {
        List<Thread> clients = new ArrayList<>();
        for (int c = 0; c < CLIENTS; c++) {
            clients.add(Thread.ofPlatform().daemon().start(() -> {
                for (int n = left.decrementAndGet(); n >= 0; n = left.decrementAndGet()) {
                    room.acquireUninterruptibly();
                    dispatch(items.get(n));
                }
            }));
        }
        return clients;
    }

    private void dispatch(Item item) {
        Dispatch answer = gateway.dispatch(item, decider.decide(item.workload(), item.routingKey()));
        boolean there = answer instanceof Dispatch.Accepted accepted
                && accepted.decision().executed() == Route.TEMPORAL;
        elsewhere.addAndGet(there ? 0 : 1);
    }

    void awaitDone(int seconds) {
        App.await("all items are done", seconds, () -> app.done() - doneBefore >= items.size());
    }

    private static List<Item> items(App app, String run, int count) {
        DoorCodec door = app.context.getBean(WorkloadDefinition.class).door();
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] body = Messages.request(run + "-" + i).getBytes(UTF_8);
            if (door.read("bench", Map.of(), body, Instant.now()) instanceof DoorCodec.Reading.Read read) {
                items.add(read.item());
            }
        }
        return items;
    }

    private static RouteGateway gateway(ConfigurableApplicationContext context) {
        return context.getBeansOfType(RouteGateway.class).values().stream()
                .filter(gateway -> gateway.route() == Route.TEMPORAL)
                .findFirst()
                .orElseThrow();
    }
}
