package dev.shunt.intake;

import dev.shunt.core.InRoles;
import dev.shunt.core.Role;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.springframework.stereotype.Component;

/** How much the door takes in hand at one time, over all workloads: what comes above it is told so at once, and costs nothing. */
@InRoles(Role.INGEST)
@Component
final class Admission {

    private static final int UNIT = 1_024;

    private final Semaphore requests;
    private final Semaphore kilobytes;
    private final int largest;
    private final Counter refused;

    Admission(DoorSettings settings, MeterRegistry meters) {
        this.requests = new Semaphore(settings.maxConcurrent());
        this.kilobytes = new Semaphore(Math.toIntExact(settings.maxInHand().toKilobytes()));
        this.largest = Math.toIntExact(settings.maxBody().toKilobytes());
        this.refused = Counter.builder("shunt.door.full")
                .description("Requests refused because too much was in hand")
                .register(meters);
        Gauge.builder("shunt.door.free", requests, Semaphore::availablePermits)
                .description("Requests that the door could take in hand now")
                .register(meters);
    }

    /** Room for one request, to be given back by closing it. */
    interface Room extends AutoCloseable {
        @Override
        void close();
    }

    /** @param announced length of the body; less than 0 if the client did not say */
    Optional<Room> enter(long announced) {
        int size = announced < 0 ? largest : (int) Math.min(largest, announced / UNIT + 1);
        if (!requests.tryAcquire()) {
            refused.increment();
            return Optional.empty();
        }
        if (!kilobytes.tryAcquire(size)) {
            requests.release();
            refused.increment();
            return Optional.empty();
        }
        return Optional.of(() -> {
            kilobytes.release(size);
            requests.release();
        });
    }
}
