package dev.shunt.comparison;

import dev.shunt.core.Percentage;
import dev.shunt.core.Shadowing;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import dev.shunt.store.PeriodicTask;
import dev.shunt.store.ShadowOrders;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * What is ordered about shadow pairs, read again every second. Orders that could not be read for five seconds do not
 * count: without them nothing is processed a second time.
 */
public final class ShadowSwitches implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ShadowSwitches.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final long BELIEVED_NANOS = Duration.ofSeconds(5).toNanos();

    private final ShadowOrders store;
    private final LongSupplier nanoTime;
    private final PeriodicTask task;
    private final Map<Workload, Hold> holds = new ConcurrentHashMap<>();
    private volatile Read read;
    private volatile Consumer<Workload> whenOrdered = workload -> {};

    /** @param nanoTime as {@link System#nanoTime} */
    ShadowSwitches(ShadowOrders store, LongSupplier nanoTime) {
        this.store = store;
        this.nanoTime = nanoTime;
        this.read = new Read(Map.of(), nanoTime.getAsLong());
        this.task = new PeriodicTask("shunt-shadow-orders", LOOK, this::lookQuietly);
    }

    private record Read(Map<Workload, Shadowing> orders, long at) {}

    /** A rollback that the table may not know yet. */
    private record Hold(String actor, String reason) {}

    /** What counts on this instance at this moment. */
    public Shadowing inForce(Workload workload) {
        Read last = read;
        if (nanoTime.getAsLong() - last.at() > BELIEVED_NANOS) {
            return Shadowing.OFF;
        }
        Shadowing order = last.orders().getOrDefault(workload, Shadowing.OFF);
        Hold hold = holds.get(workload);
        return hold == null || order.suspended()
                ? order
                : new Shadowing(order.share(), order.mode(), true, order.changedAt(), hold.actor(), hold.reason());
    }

    /** @param listener is told of orders that were given to this instance, in the caller's thread */
    void whenOrdered(Consumer<Workload> listener) {
        whenOrdered = listener;
    }

    /** Whether the orders could be read lately. */
    public boolean readable() {
        return nanoTime.getAsLong() - read.at() <= BELIEVED_NANOS;
    }

    /**
     * Orders anew; that also lifts a suspension. Other instances obey within a second.
     *
     * @throws UnavailableException if Postgres is away: the order may or may not be in force
     */
    public void order(Workload workload, Percentage share, Shadowing.Mode mode, String actor, String reason) {
        store.order(workload, share, mode, actor, reason);
        holds.remove(workload);
        look();
        whenOrdered.accept(workload);
        log.info("Shadow pairs of {}: {} {} by {}: {}", workload, share, mode, actor, reason);
    }

    /** Stops all at once on this instance and waits for nothing; on others within two seconds of Postgres being there. */
    public void suspend(Workload workload, String actor, String reason) {
        holds.put(workload, new Hold(actor, reason));
    }

    private void look() {
        holds.forEach((workload, hold) -> {
            store.suspend(workload, hold.actor(), hold.reason());
            read = new Read(store.inForce(), nanoTime.getAsLong());
            holds.remove(workload, hold);
        });
        read = new Read(store.inForce(), nanoTime.getAsLong());
    }

    private void lookQuietly() {
        try {
            look();
        } catch (UnavailableException away) {
            log.debug("Orders about shadow pairs cannot be read; they lapse after five seconds", away);
        }
    }

    @Override
    public void start() {
        lookQuietly();
        task.start();
    }

    @Override
    public void stop() {
        task.stop();
    }

    @Override
    public boolean isRunning() {
        return task.isRunning();
    }
}
