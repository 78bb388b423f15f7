package dev.shunt.rollout;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Looks at open rollbacks four times a second, more seldom the longer they take, and for new ones four times a second. */
final class ProofThread implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ProofThread.class);
    private static final long SHORT_MS = 250;
    private static final long LONG_MS = 1_000;
    private static final long SHORT_FOR_NANOS = Duration.ofSeconds(60).toNanos();

    private final ProofFollower follower;
    private final Runnable also;
    private final CountDownLatch stop = new CountDownLatch(1);
    private @Nullable Thread thread;

    /** @param also done with each look; cheap once it has succeeded */
    ProofThread(ProofFollower follower, Runnable also) {
        this.follower = follower;
        this.also = also;
    }

    private void run() {
        long openSince = System.nanoTime();
        long pause = SHORT_MS;
        try {
            while (!stop.await(pause, TimeUnit.MILLISECONDS)) {
                if (!look()) {
                    openSince = System.nanoTime();
                }
                pause = System.nanoTime() - openSince < SHORT_FOR_NANOS ? SHORT_MS : LONG_MS;
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean look() {
        try {
            boolean open = follower.look();
            also.run();
            return open;
        } catch (RuntimeException e) {
            log.error("Rollbacks cannot be followed; tried again in a moment.", e);
            return true;
        }
    }

    @Override
    public void start() {
        thread = Thread.ofPlatform().daemon().name("shunt-proof").start(this::run);
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

    /** After the router, before the door. */
    @Override
    public int getPhase() {
        return 1;
    }
}
