package dev.shunt.legacy;

import dev.shunt.legacy.StopSignal.DrainExpiredException;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One consumer loop: connects, serves until a fault, connects anew. A connection never outlives a fault. */
final class Slot implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(Slot.class);

    private final String name;
    private final Supplier<StatefulRedisConnection<String, byte[]>> connections;
    private final Fetching fetching;
    private final Pulse pulse;
    private final StopSignal stop;
    private final Backoff backoff;
    private boolean away;

    Slot(
            String name,
            Supplier<StatefulRedisConnection<String, byte[]>> connections,
            Fetching fetching,
            Pulse pulse,
            StopSignal stop,
            Backoff backoff) {
        this.name = name;
        this.connections = connections;
        this.fetching = fetching;
        this.pulse = pulse;
        this.stop = stop;
        this.backoff = backoff;
    }

    Fetching fetching() {
        return fetching;
    }

    Pulse pulse() {
        return pulse;
    }

    @Override
    public void run() {
        while (!stop.asked()) {
            try (StatefulRedisConnection<String, byte[]> connection = connections.get()) {
                connection.sync().ping(); // a Redis that is still loading its data takes connections but no commands
                backoff.reset();
                if (away) {
                    log.info("{} has Redis again", name);
                }
                away = false;
                fetching.serve(connection.sync());
            } catch (DrainExpiredException unfinished) {
                log.warn("{} left its messages in their processing list; another instance takes them", name);
                return;
            } catch (RedisException lost) {
                Duration pause = backoff.next();
                if (!away) {
                    log.warn("{} lost Redis: {}. It connects again from {} on", name, lost.toString(), pause);
                }
                away = true;
                rest("Redis", pause);
            } catch (RuntimeException | Error fault) { // a loop that ends would never be started again
                Duration pause = backoff.next();
                log.error("{} met a fault of its own. What it has in hand is handled again in {}", name, pause, fault);
                rest("a fault", pause);
            }
        }
    }

    private void rest(String from, Duration pause) {
        pulse.backingOff(from);
        stop.idle(pause);
        pulse.beat();
    }
}
