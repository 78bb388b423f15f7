package dev.shunt.intake;

import dev.shunt.core.InRoles;
import dev.shunt.core.Role;
import dev.shunt.core.UnavailableException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Looks after replays until their items are stored. */
@InRoles(Role.CONTROLLER)
@Component
final class ReplayKeeper implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ReplayKeeper.class);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final Replayer replayer;
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile @Nullable Thread thread;

    ReplayKeeper(Replayer replayer) {
        this.replayer = replayer;
    }

    private void run() {
        try {
            while (!stop.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            replayer.finish();
        } catch (UnavailableException away) {
            log.debug("Replays are looked at again in {}: {}", PAUSE, away.toString());
        } catch (RuntimeException surprise) {
            log.error("Replays could not be looked at; tried again in {}", PAUSE, surprise);
        }
    }

    @Override
    public void start() {
        thread = Thread.ofPlatform().daemon().name("shunt-replays").start(this::run);
    }

    @Override
    public void stop() {
        stop.countDown();
        thread = null;
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }
}
