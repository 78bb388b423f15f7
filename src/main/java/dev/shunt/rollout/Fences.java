package dev.shunt.rollout;

import dev.shunt.core.Epoch;
import dev.shunt.core.InFlight;
import dev.shunt.core.UnavailableException;
import dev.shunt.core.Workload;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Raises fences in Redis, and sees to it that every recorded rollback gets its own in the end. */
final class Fences {

    private static final Logger log = LoggerFactory.getLogger(Fences.class);

    /** Of the controller, whose session and whose transaction end when they are idle for twice as long. */
    private static final Duration SOON = Duration.ofMillis(Controller.IDLE_MS / 2);

    private final InFlight inFlight;
    private final FlagWriter flag;

    Fences(InFlight inFlight, FlagWriter flag) {
        this.inFlight = inFlight;
        this.flag = flag;
    }

    /**
     * Raises the fence of a recorded rollback.
     *
     * @throws UnavailableException if Redis is away: {@link #raiseOwed} raises it later
     */
    void raise(Workload workload, Epoch epoch) {
        inFlight.raiseFence(workload, epoch);
        try {
            flag.fenced(workload.name(), epoch);
        } catch (UnavailableException e) {
            log.warn(
                    "The fence of {} is at {}, which could not be noted: {}. It is noted later.",
                    workload,
                    epoch,
                    e.toString());
        }
    }

    /**
     * Raises a fence whose version of the flag is not committed yet; it is raised again once it is. Takes 2 s at most,
     * whatever Redis may take by its settings.
     */
    void tryRaiseAhead(Workload workload, Epoch epoch) {
        try {
            soon(() -> {
                inFlight.raiseFence(workload, epoch);
                return epoch;
            });
        } catch (UnavailableException away) {
            log.warn(
                    "The fence of {} cannot be raised to {}: {}. The flag goes to 0 without it; tried again.",
                    workload,
                    epoch,
                    away.toString());
        }
    }

    /** @return whether it could be raised */
    boolean tryRaise(Workload workload, Epoch epoch) {
        try {
            raise(workload, epoch);
            return true;
        } catch (UnavailableException e) {
            log.warn(
                    "The fence of {} cannot be raised to {}: {}. Tried again every few seconds.",
                    workload,
                    epoch,
                    e.toString());
            return false;
        }
    }

    /**
     * Raises what an earlier rollback, here or on an instance that is gone, could not.
     *
     * @throws UnavailableException if Postgres or Redis is away
     */
    void raiseOwed(Workload workload) {
        Optional<Epoch> owed = flag.unfenced(workload.name());
        if (owed.isPresent()) {
            raise(workload, owed.get());
            log.info("The fence of {} is raised to {}, as a rollback had asked for.", workload, owed.get());
        }
    }

    /** As {@link #current}, in 2 s at most, whatever Redis may take by its settings. */
    Optional<Epoch> currentSoon(Workload workload) {
        try {
            return Optional.of(soon(() -> inFlight.fence(workload)));
        } catch (UnavailableException away) {
            log.debug("The fence of {} cannot be read soon: {}. Taken as unknown.", workload, away.toString());
            return Optional.empty();
        }
    }

    /** What is late goes on by itself: its effect may still come. */
    private static <T> T soon(Callable<T> step) {
        var asked = new FutureTask<T>(step);
        Thread.ofPlatform().daemon().name("shunt-fence").start(asked);
        try {
            return asked.get(SOON.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new UnavailableException("Redis did not answer within " + SOON.toSeconds() + " s", SOON, late);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("this instance stops", SOON, stopping);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnavailableException away) {
                throw away;
            }
            throw new IllegalStateException("a fence could not be asked for", e.getCause());
        }
    }

    /** The fence in force; empty if Redis is away. */
    Optional<Epoch> current(Workload workload) {
        try {
            return Optional.of(inFlight.fence(workload));
        } catch (UnavailableException away) {
            log.debug("The fence of {} cannot be read: {}. Shown as unknown.", workload, away.toString());
            return Optional.empty();
        }
    }
}
